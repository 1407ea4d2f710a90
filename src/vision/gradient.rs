//! How steep a picture is at each pixel: what stays of it when a theme turns its colours around.

use super::picture::Gray;

/// Steepness from which on more makes no difference, levels a pixel: an edge is an edge.
const STEEPEST: f32 = 96.0;

/// The magnitude of the Scharr gradient, up to 96 levels a pixel stretched to 255, evened out by a binomial of three by three.
/// Beyond the edges the picture goes on as it ends.
pub(super) fn gradient(gray: &Gray) -> Gray {
    let (width, height) = (gray.width, gray.height);
    let mut steep = vec![0_u8; width * height];
    if width == 0 || height == 0 {
        return Gray { width, height, pixels: steep };
    }
    // Rows with one pixel more on either side.
    let padded = |y: usize| {
        let row = gray.row(y);
        let mut line = Vec::with_capacity(width + 2);
        line.push(i16::from(row[0]));
        line.extend(row.iter().map(|&pixel| i16::from(pixel)));
        line.push(i16::from(row[width - 1]));
        line
    };
    let mut above = padded(0);
    let mut here = above.clone();
    for (y, out) in steep.chunks_exact_mut(width).enumerate() {
        let below = if y + 1 < height { padded(y + 1) } else { here.clone() };
        for (x, to) in out.iter_mut().enumerate() {
            let (a, h, b) = (&above[x..x + 3], &here[x..x + 3], &below[x..x + 3]);
            let across = 3 * (a[2] - a[0]) + 10 * (h[2] - h[0]) + 3 * (b[2] - b[0]);
            let down = 3 * (b[0] - a[0]) + 10 * (b[1] - a[1]) + 3 * (b[2] - a[2]);
            let (across, down) = (f32::from(across), f32::from(down));
            // The weights sum to 16 over a distance of two pixels.
            *to = ((across * across + down * down).sqrt() * (255.0 / (32.0 * STEEPEST)) + 0.5).min(255.0) as u8;
        }
        above = std::mem::replace(&mut here, below);
    }
    smoothed(&Gray { width, height, pixels: steep })
}

/// Each pixel with its neighbours, weighted 1 2 1 across and down, rounded.
pub(super) fn smoothed(gray: &Gray) -> Gray {
    let (width, height) = (gray.width, gray.height);
    let mut pixels = vec![0_u8; width * height];
    if width == 0 || height == 0 {
        return Gray { width, height, pixels };
    }
    let across = |y: usize, out: &mut [u16]| {
        let row = gray.row(y);
        out[0] = 3 * u16::from(row[0]) + u16::from(row[1.min(width - 1)]);
        out[width - 1] = 3 * u16::from(row[width - 1]) + u16::from(row[width.saturating_sub(2)]);
        if width > 2 {
            for (to, three) in out[1..width - 1].iter_mut().zip(row.windows(3)) {
                *to = u16::from(three[0]) + 2 * u16::from(three[1]) + u16::from(three[2]);
            }
        }
    };
    let mut rows = [vec![0; width], vec![0; width], vec![0; width]];
    across(0, &mut rows[0]);
    rows[1].clone_from(&rows[0].clone());
    for (y, out) in pixels.chunks_exact_mut(width).enumerate() {
        across((y + 1).min(height - 1), &mut rows[2]);
        for (x, to) in out.iter_mut().enumerate() {
            *to = ((rows[0][x] + 2 * rows[1][x] + rows[2][x] + 8) >> 4) as u8;
        }
        rows.rotate_left(1);
    }
    Gray { width, height, pixels }
}
