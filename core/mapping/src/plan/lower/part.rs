//! `use part`: the rules of a part, where they are used.

use super::{Context, Lowering, Outcome, Stop};
use crate::language::LoadError;
use crate::language::ast::Use;

impl Lowering<'_> {
    pub(super) fn used(&mut self, cx: &Context<'_>, used: &Use) -> Outcome<()> {
        let file = match &used.file {
            None => None,
            Some(name) => match (self.library.files)(&name.is) {
                Some(file) => Some(file),
                None => return self.refuse(cx, &name.at, format!("there is no mapping `{}`", name.is)),
            },
        };
        let (file, name) = match &file {
            Some(file) => (file.as_ref(), file.name.is.as_str().into()),
            None => (cx.file, cx.name.clone()),
        };
        let Some(part) = file.parts.iter().find(|part| part.name.is == used.part.is) else {
            let names = file.parts.iter().map(|part| part.name.is.as_str());
            let near = dragoman_model::nearest(&used.part.is, names);
            let error =
                LoadError::new(&cx.name, &used.part.at, format!("there is no part `{}`", used.part.is));
            self.errors.push(match near {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            });
            return Err(Stop);
        };
        let key = (name, part.name.is.clone());
        if cx.uses.contains(&key) {
            return self.refuse(cx, &used.part.at, format!("part `{}` uses itself", part.name.is));
        }
        let parameter = match (&part.parameter, &used.argument) {
            (Some(parameter), Some(argument)) => Some((parameter.clone(), cx.expand(argument))),
            (None, None) => None,
            (Some(_), None) => {
                return self.refuse(cx, &used.part.at, format!("part `{}` wants an argument", part.name.is));
            }
            (None, Some(_)) => {
                return self.refuse(cx, &used.part.at, format!("part `{}` takes no argument", part.name.is));
            }
        };
        let mut uses = cx.uses.clone();
        uses.push(key.clone());
        let inner = Context {
            file,
            name: key.0,
            parameter,
            uses,
            sparse: cx.sparse || used.sparse,
            sparse_block: false,
            ..cx.clone()
        };
        self.block(&inner, &part.rules);
        Ok(())
    }
}
