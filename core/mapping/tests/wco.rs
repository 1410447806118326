use dragoman_mapping::*;
use dragoman_syntax::{Limits, grammar, xml};
use dragoman_tree::NodeId;
use std::sync::Arc;

fn walk(dir: &std::path::Path, all: &mut Vec<std::path::PathBuf>) {
    let Ok(read) = std::fs::read_dir(dir) else { return };
    for entry in read.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, all)
        } else if path.extension().is_some_and(|e| e == "xml") {
            all.push(path)
        }
    }
}

#[test]
fn cover() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let grammar = |name: &str| {
        let text = std::fs::read_to_string(format!("{root}/mappings/{name}.gram")).ok()?;
        Some(Arc::new(
            grammar::parse(Box::leak(text.into_boxed_str()), &|_| None).map_err(|e| println!("{e}")).ok()?,
        ))
    };
    let mapping = |name: &str| std::fs::read_to_string(format!("{root}/mappings/{name}.map")).ok();
    let table = |name: &str| std::fs::read_to_string(format!("{root}/mappings/codes/{name}.csv")).ok();
    let sources = Sources { mapping: &mapping, grammar: &grammar, table: &table };
    for name in ["wco/declaration", "wco/notification"] {
        let loaded = load(name, &sources).unwrap_or_else(|errors| {
            for e in &errors {
                println!("{}", e.render(&mapping(&e.file).unwrap_or_default()));
            }
            panic!("{} errors", errors.len())
        });
        let mut files = Vec::new();
        walk(std::path::Path::new(&format!("{root}/../shared/data/uk-cds/samples")), &mut files);
        files.sort();
        let (mut n, mut equal, mut over_equal) = (0, 0, 0);
        let mut total = Counts::default();
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let g = loaded.written().unwrap().clone();
            let read = xml::read(&bytes, Some(&g), &Limits::default());
            if read.findings.iter().any(|f| f.severity == dragoman_tree::Severity::Error) {
                continue;
            }
            if read.tree.is_empty() || read.tree.name(NodeId::ROOT) != "MetaData" {
                continue;
            }
            let wanted = if name == "wco/declaration" { "Declaration" } else { "Response" };
            if !read.tree.children(NodeId::ROOT).any(|c| read.tree.name(c) == wanted) {
                continue;
            }
            n += 1;
            let got = loaded.get(&read.tree, NodeId::ROOT, &g).unwrap();
            let c = got.counts();
            assert!(c.add_up());
            total.leaves += c.leaves;
            total.carried += c.carried;
            total.checked += c.checked;
            total.residue += c.residue;
            total.reported += c.reported;
            if std::env::var("SHOW").is_ok_and(|s| file.to_string_lossy().contains(&s)) {
                println!("{}", show(got.document.tree(), NodeId::ROOT, 0));
            }
            for r in got.residue() {
                println!(
                    "RESIDUE {} {} = {:?}",
                    file.file_name().unwrap().to_string_lossy(),
                    dragoman_syntax::wire_path(&read.tree, r, Some(&g)),
                    read.tree.value(r)
                );
            }
            for f in got.findings.iter().filter(|f| f.severity != dragoman_tree::Severity::Info) {
                println!("FINDING {} {} {:?}", f.code, f.message, f.wire_path);
            }
            let text = canonical::write(&got.document, dragoman_syntax::json::Style::Pretty);
            let again = canonical::read(text.as_bytes(), Some(loaded.model()), &Limits::default());
            for f in &again.findings {
                println!("JSON {} {:?}", f.message, f.wire_path);
            }
            let again = again.document.unwrap();
            let put = loaded.put(&again).unwrap();
            for l in &put.lost {
                println!("LOST {} {}", again.path(l.node), l.why);
            }
            let over = loaded.put_over(&got.document, &read.tree, &got, &g).unwrap();
            match xml::difference(&read.tree, &over.tree, Some(&g)) {
                None => over_equal += 1,
                Some(d) => println!("OVER {} {:?}", file.display(), d),
            }
            match xml::difference(&read.tree, &put.tree, Some(&g)) {
                None => equal += 1,
                Some(d) => println!("DIFF {} {:?}", file.display(), d),
            }
        }
        println!("{name}: {n} files, {over_equal} equal over original, {equal} equal alone, {total:?}");
    }
}
fn show(t: &dragoman_tree::Tree<'_>, n: NodeId, d: usize) -> String {
    let mut s = format!(
        "{:w$}{}{} {:?}\n",
        "",
        t.name(n),
        if t.node(n).repeats { "[]" } else { "" },
        t.value(n),
        w = d * 2
    );
    for c in t.children(n) {
        s += &show(t, c, d + 1);
    }
    s
}

#[test]
fn pointers() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let grammar = |name: &str| {
        let text = std::fs::read_to_string(format!("{root}/mappings/{name}.gram")).ok()?;
        Some(Arc::new(grammar::parse(Box::leak(text.into_boxed_str()), &|_| None).ok()?))
    };
    let mapping = |name: &str| std::fs::read_to_string(format!("{root}/mappings/{name}.map")).ok();
    let table = |name: &str| std::fs::read_to_string(format!("{root}/mappings/codes/{name}.csv")).ok();
    let sources = Sources { mapping: &mapping, grammar: &grammar, table: &table };
    let dec = load("wco/declaration", &sources).unwrap();
    let res = load("wco/notification", &sources).unwrap();
    let samples = format!("{root}/../shared/data/uk-cds/samples/annotated_XML_samples");
    for s in ["TT_IM001b", "TT_IM014a", "TT_IM116a", "TT_IM063a", "TT_IM031a"] {
        let mut files = Vec::new();
        walk(std::path::Path::new(&format!("{samples}/{s}")), &mut files);
        let rej = files.iter().find(|f| f.to_string_lossy().contains("REJ")).unwrap();
        let base = files.iter().find(|f| !f.to_string_lossy().contains("otification")).unwrap();
        println!("{s} {}", base.display());
        let bytes = std::fs::read(base).unwrap();
        let g = dec.written().unwrap().clone();
        let read = xml::read(&bytes, Some(&g), &Limits::default());
        let got = dec.get(&read.tree, NodeId::ROOT, &g).unwrap();
        let rbytes = std::fs::read(rej).unwrap();
        let rg = res.written().unwrap().clone();
        let rread = xml::read(&rbytes, Some(&rg), &Limits::default());
        let rgot = res.get(&rread.tree, NodeId::ROOT, &rg).unwrap();
        let b = Base { tree: &read.tree, grammar: &g, document: &got.document, carriers: &got.carriers };
        let t = rgot.document.tree();
        for n in t.ids().filter(|n| t.name(*n) == "raw") {
            println!("  {} -> {:?}", t.value(n).unwrap(), dec.resolve(&b, t.value(n).unwrap()));
        }
    }
}
