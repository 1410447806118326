//! The end of a draft: items sorted into the schema's order, and implied objects opened and closed around
//! them.

use dragoman_tree::{Kind, PlaceId, Span, Tree, TreeBuilder};

use super::draft::{EntryId, Item, What};
use super::origin::Origin;
use crate::Schema;

/// Writes the items as a tree, and counts the literals that a later one replaced. Of two literals for one place the
/// later counts, and a list that has entries is not empty. `entries` are the places of all entries by id, the
/// document's first.
pub(super) fn emit<'i>(
    schema: &Schema,
    build: TreeBuilder<'i>,
    items: &[Item],
    entries: &[PlaceId],
) -> (Tree<'i>, Vec<Origin>, usize) {
    let starts = starts(items, entries.len());
    let order = sorted(items, &starts);
    let mut emission = Emission {
        schema,
        build,
        origins: Vec::with_capacity(items.len() + items.len() / 2),
        frames: Vec::new(),
        implied: Vec::new(),
        chain: Vec::new(),
    };
    let frame_of = |entry: EntryId| {
        let bound = |at: usize| starts.get(at).copied().unwrap_or(items.len());
        let place = entries.get(entry.0 as usize).copied().unwrap_or(PlaceId::NONE);
        Frame { place, at: bound(entry.0 as usize), end: bound(entry.0 as usize + 1), implied: 0 }
    };
    let mut replaced = 0;
    emission.root(frame_of(EntryId::ROOT));
    while let Some(at) = emission.next() {
        let nth = |at: usize| order.get(at).and_then(|index| items.get(*index as usize));
        let Some(item) = nth(at) else { continue };
        let same = |other: Option<&Item>| other.is_some_and(|other| item.is_beside(other));
        emission.surround(item.place);
        match item.what {
            What::Present => emission.present(item),
            What::Leaf(_) if !item.repeats && same(nth(at + 1)) => replaced += 1,
            What::EmptyList if same(nth(at + 1)) || at.checked_sub(1).is_some_and(|at| same(nth(at))) => {}
            What::Leaf(kind) => emission.leaf(item, kind),
            What::EmptyList => emission.leaf(item, Kind::Array),
            What::Entry(entry) => {
                emission.open_item(item);
                emission.enter(frame_of(entry));
            }
        }
    }
    (emission.build.finish(), emission.origins, replaced)
}

/// The positions of the items by entry, place and rank; equal ones stay in the order of arrival. Entries are small and
/// many: each is sorted by itself, where it is not in order as it came.
fn sorted(items: &[Item], starts: &[usize]) -> Vec<u32> {
    let mut order = vec![0; items.len()];
    let mut next = starts.to_vec();
    for (index, item) in (0..).zip(items) {
        if let Some(at) = next.get_mut(item.parent.0 as usize) {
            if let Some(slot) = order.get_mut(*at) {
                *slot = index;
            }
            *at += 1;
        }
    }
    let key = |at: &u32| items.get(*at as usize).map(|item| (item.place, item.rank));
    for bounds in starts.windows(2) {
        if let [start, end] = *bounds
            && let Some(own) = order.get_mut(start..end)
            && !own.is_sorted_by_key(key)
        {
            own.sort_by_key(key);
        }
    }
    order
}

/// Where the items of each entry begin in the sorted order.
fn starts(items: &[Item], entries: usize) -> Vec<usize> {
    let mut starts = vec![0; entries + 1];
    for item in items {
        if let Some(count) = starts.get_mut(item.parent.0 as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// An entry that is open, and which of its items come next.
#[derive(Clone, Copy, Debug)]
struct Frame {
    place: PlaceId,
    at: usize,
    end: usize,
    /// How many implied objects were open when it was entered.
    implied: usize,
}

#[derive(Debug)]
struct Emission<'s, 'i> {
    schema: &'s Schema,
    build: TreeBuilder<'i>,
    origins: Vec<Origin>,
    frames: Vec<Frame>,
    /// The implied objects that are open, innermost last.
    implied: Vec<PlaceId>,
    chain: Vec<PlaceId>,
}

impl Emission<'_, '_> {
    fn root(&mut self, frame: Frame) {
        self.open_object(frame.place, Span::default(), Origin::None);
        self.enter(frame);
    }

    fn enter(&mut self, frame: Frame) {
        self.frames.push(Frame { implied: self.implied.len(), ..frame });
    }

    /// The next item's position in the order; ends entries that have no more.
    fn next(&mut self) -> Option<usize> {
        loop {
            let frame = self.frames.last_mut()?;
            if frame.at < frame.end {
                frame.at += 1;
                return Some(frame.at - 1);
            }
            let outer = frame.implied;
            self.close_implied(outer);
            self.build.close();
            self.frames.pop();
        }
    }

    fn leaf(&mut self, item: &Item, kind: Kind) {
        let id = self.build.leaf(kind, item.name, item.place, item.span, item.value);
        self.build.node_mut(id).repeats = item.repeats;
        self.origins.push(item.origin);
    }

    fn open_item(&mut self, item: &Item) {
        let id = self.build.open(Kind::Object, item.name, item.place, item.span);
        self.build.node_mut(id).repeats = item.repeats;
        self.origins.push(item.origin);
    }

    /// Opens an object that may stay empty, unless it is open.
    fn present(&mut self, item: &Item) {
        if self.implied.last() != Some(&item.place) {
            self.open_item(item);
            self.implied.push(item.place);
        }
    }

    /// Closes the implied objects that a place is not in, and opens those that it is in.
    fn surround(&mut self, place: PlaceId) {
        let Some(frame) = self.frames.last() else { return };
        let (base, outer) = (frame.place, frame.implied);
        let inside =
            self.implied.iter().skip(outer).take_while(|open| self.schema.contains(**open, place)).count();
        self.close_implied(outer + inside);
        let innermost = self.implied.get(outer..).and_then(<[_]>::last).copied().unwrap_or(base);
        let above = self.schema.ancestry(place).take_while(|at| *at != innermost);
        self.chain.clear();
        self.chain.extend(above.skip(1));
        while let Some(object) = self.chain.pop() {
            self.open_object(object, Span::default(), Origin::None);
            self.implied.push(object);
        }
    }

    fn close_implied(&mut self, keep: usize) {
        while self.implied.len() > keep {
            self.implied.pop();
            self.build.close();
        }
    }

    fn open_object(&mut self, place: PlaceId, span: Span, origin: Origin) {
        let Some(field) = self.schema.get(place) else { return };
        self.build.open(Kind::Object, field.name, place, span);
        self.origins.push(origin);
    }
}
