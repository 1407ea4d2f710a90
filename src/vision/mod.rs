//! Pixels and nothing else: decoding, luma, resizing, correlation from coarse to fine, evidence at a place, drawing, and what differs between two pictures.
//!
//! What is good enough, what is ambiguous and what is said about it is decided in [`crate::target`]; this module
//! implements that slice's port [`Pixels`](crate::target::Pixels) and hands in measurements.

mod anchors;
mod borders;
mod bound;
mod cells;
mod compat;
mod components;
mod decode;
mod difference;
mod draw;
mod draw_elements;
mod evidence;
mod flanks;
mod gradient;
mod grid;
mod hunt;
mod ink;
mod kernels;
mod layer;
mod layout;
mod lettering;
mod luma;
mod mask;
mod montage;
mod outlines;
mod parallel;
mod parts;
mod picture;
mod plane;
mod prepared;
mod probe;
mod proof;
mod quality;
mod redrawn;
pub mod reference;
mod regions;
mod relief;
mod resize;
mod scene;
mod scenery;
mod search;
mod shapes;
mod spans;
mod strokes;
mod sweeps;
mod text;

pub use compat::Compat;
pub use decode::{Ceilings, decode, measure, size};
pub use difference::Differences;
pub use draw::annotate;
pub use luma::luma;
pub use picture::{Gray, Picture};
pub use quality::{Statistics, statistics};
pub use resize::{resize_gray, resize_picture};
pub use search::Correlation;
