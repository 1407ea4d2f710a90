//! The adapter: an encoded screenshot in, pieces of lines and montages of them out.

use super::montage::{glyphs, montages, twins};
use super::quality::vacancy;
use super::regions::pieces;
use super::search::Correlation;
use super::shapes::shapes;
use super::spans::Spans;
use crate::error::{Error, Kind, Result};
use crate::target::{Candidate, Flaw, Laid, Layout, Montage, Piece, Pixels, Place, Search};

fn gone() -> Error {
    Error::new(Kind::Bug, "no_screen", "a screen that was decoded is gone")
}

impl Layout for Correlation {
    fn lay(&self, screenshot: &[u8]) -> Result<Laid> {
        let Some(prepared) = self.prepared(screenshot)? else {
            return Ok(Laid { flaw: Some(Flaw::ScreenUndecodable), ..Laid::default() });
        };
        let size = (prepared.screen.width as u32, prepared.screen.height as u32);
        let seen = Laid { screen: Some(size), flaw: prepared.flaw, ..Laid::default() };
        if seen.flaw.is_some() {
            return Ok(seen);
        }
        let spans = Spans::new(&prepared.screen);
        let shapes = shapes(&prepared.screen, &spans);
        let jpeg = matches!(image::guess_format(screenshot), Ok(image::ImageFormat::Jpeg));
        Ok(match pieces(&prepared.screen, spans, &shapes, jpeg) {
            Some(pieces) => Laid { vacancy: vacancy(prepared.scenery.luma()), pieces, shapes, ..seen },
            None => Laid { flaw: Some(Flaw::ScreenUnreadable), ..seen },
        })
    }

    fn montages(&self, screenshot: &[u8], pieces: &[(Piece, f64)], parts: usize) -> Result<Vec<Montage>> {
        Ok(montages(&self.prepared(screenshot)?.ok_or_else(gone)?.screen, pieces, parts))
    }

    fn twins(&self, screenshot: &[u8], piece: &Piece, others: &[Piece]) -> Result<Vec<usize>> {
        Ok(twins(&self.prepared(screenshot)?.ok_or_else(gone)?.screen, piece, others))
    }

    fn echoes(&self, screenshot: &[u8], place: Place) -> Result<Vec<Candidate>> {
        let crop = self.crop(screenshot, place)?;
        let search = Search { screenshot, anchor: &crop, region: None, scales: &[1.0], exact: false, whole: true };
        Ok(self.search(&search, &|_| true)?.candidates)
    }

    fn glyphs(&self, screenshot: &[u8], piece: &Piece, word: Place) -> Result<Vec<Place>> {
        Ok(glyphs(&self.prepared(screenshot)?.ok_or_else(gone)?.screen, piece, word))
    }
}
