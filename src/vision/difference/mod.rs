//! What differs between two screenshots, and what of it comes by itself; implements the port
//! [`Compare`](crate::target::Compare). What a difference means is decided in [`crate::target`].

mod adapter;
mod blocks;
mod clusters;
mod draw;
mod noise;
mod pointers;
mod shapes;

pub use adapter::Differences;
