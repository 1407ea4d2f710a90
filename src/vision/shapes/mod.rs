//! Outlines of widgets: areas with a border or a ground of their own, check boxes, radio buttons and icons. No text is read;
//! what a shape is for is decided by who knows the words in and around it.

mod edges;
mod find;
mod icons;
mod kept;
mod lattice;
mod letters;
mod marks;
mod rectangles;

pub(super) use find::shapes;
pub(super) use rectangles::{apart, pixel};
