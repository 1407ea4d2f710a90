//! What verdicts, reasons and standings are called: stable words for programs, sentences for people.

use super::decide::{Cause, Verdict};
use super::resolve::Why;
use super::types::{Flaw, Standing};

impl Verdict {
    /// The word in the answer.
    pub fn word(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Ambiguous => "ambiguous",
            Self::Absent => "absent",
            Self::UnusableAnchor => "unusable_anchor",
            Self::UnusableScreen => "unusable_screen",
        }
    }
}

impl Flaw {
    /// The verdict that this flaw leads to.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::ScreenUndecodable | Self::ScreenBlack | Self::ScreenOneColour | Self::ScreenVacant | Self::ScreenUnreadable => {
                Verdict::UnusableScreen
            }
            Self::NothingAsked
            | Self::AnchorUndecodable
            | Self::AnchorFlat
            | Self::AnchorTooSmall
            | Self::AnchorTooLarge
            | Self::AnchorTransparent
            | Self::AnchorRepeats => Verdict::UnusableAnchor,
        }
    }
}

impl Why {
    /// A stable word, `snake_case`.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// A sentence without a full stop.
    pub fn sentence(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Compared(cause) => match cause {
                Cause::SinglePlace => ("single_place", "one place matches, and no other is nearly as good"),
                Cause::NearestToExpected => {
                    ("nearest_to_expected", "several places match, and one is clearly nearest to where it was expected")
                }
                Cause::SeveralAlike => ("several_alike", "several places match about as well, and nothing says which is meant"),
                Cause::NoneClearlyNearest => {
                    ("none_clearly_nearest", "several places match about as well, and none is clearly nearest to where it was expected")
                }
                Cause::NothingAlike => ("nothing_alike", "nothing on the screenshot resembles the anchor"),
                Cause::BelowThreshold => ("below_threshold", "the best place scores below the threshold"),
                Cause::ColourDiffers => ("colour_differs", "the best place has the anchor's shape but not its colours"),
                Cause::ByIndex => ("by_index", "several say the text, and this is the one that was asked for by number"),
                Cause::IndexBeyond => ("index_beyond", "not as many places say the text as the number that was asked for"),
                Cause::TextNotThere => ("text_not_there", "no text on the screenshot is the one that was asked for"),
                Cause::RoleDiffers => ("role_differs", "the text is there, on another kind of element than was asked for"),
                Cause::NotInRow => ("not_in_row", "the text is there, and not in that row or clearly nearest to that text"),
                Cause::RowNotThere => ("row_not_there", "the text that tells the row is not on the screenshot"),
                Cause::NearNotThere => ("near_not_there", "the text that it was to be near is not on the screenshot"),
                Cause::ReadingUnsure => (
                    "reading_unsure",
                    "what may be the text was read with doubt, in two ways, or as what only comes near to it, or a letter may be a digit: nothing may be clicked by it",
                ),
                Cause::AnchorAndTextApart => ("anchor_and_text_apart", "the anchor and the text are both there, in different places"),
                Cause::AnchorWithoutText => ("anchor_without_text", "the anchor is there, and the text that it was to have is not"),
                Cause::ClickUnknown => {
                    ("click_unknown", "the text is there, and what is to be clicked is told from the anchor, which is not")
                }
                Cause::AnchorAndText => ("anchor_and_text", "the anchor and the text are found in the same place"),
                Cause::SourceRule => ("source_rule", "the best score of the older rule reaches the threshold; nothing else was looked at"),
                Cause::PartDiffers => {
                    ("part_differs", "the best place resembles the anchor but differs in a part, such as a word or a digit")
                }
            },
            Self::Flawed(flaw) => match flaw {
                Flaw::ScreenUndecodable => ("screen_undecodable", "the screenshot is not a readable PNG or JPEG"),
                Flaw::ScreenUnreadable => (
                    "screen_unreadable",
                    "so much of the screenshot looks like letters, or takes so long to read, that no text can be told",
                ),
                Flaw::ScreenBlack => ("screen_black", "the screenshot is black, as of a locked or disconnected session"),
                Flaw::ScreenOneColour => ("screen_one_colour", "the screenshot shows a single colour"),
                Flaw::ScreenVacant => {
                    ("screen_vacant", "the screenshot shows next to nothing on one shade, as a locked session does, and not the target")
                }
                Flaw::NothingAsked => ("nothing_asked", "the target names nothing to look for"),
                Flaw::AnchorUndecodable => ("anchor_undecodable", "the anchor is not a readable PNG or JPEG"),
                Flaw::AnchorFlat => ("anchor_flat", "the anchor shows a single shade and would match anything as plain"),
                Flaw::AnchorTooSmall => ("anchor_too_small", "the anchor is less than 8 pixels wide or high"),
                Flaw::AnchorTooLarge => ("anchor_too_large", "the anchor is larger than what is searched"),
                Flaw::AnchorTransparent => {
                    ("anchor_transparent", "what of the anchor is not transparent holds no 8 by 8 pixels in one piece")
                }
                Flaw::AnchorRepeats => {
                    ("anchor_repeats", "the anchor looks the same a few pixels further on, as a rule or a fine grid does")
                }
            },
        }
    }
}

impl Standing {
    /// A few words for a table.
    pub fn words(self) -> &'static str {
        match self {
            Self::Hit => "taken",
            Self::Alike => "as good as another",
            Self::Weaker => "passes, clearly weaker",
            Self::BelowThreshold => "refused: below the threshold",
            Self::ColourDiffers => "refused: other colours",
            Self::PartDiffers => "refused: a part differs",
            Self::Fainter => "much fainter",
            Self::RoleDiffers => "refused: another kind of element",
            Self::Elsewhere => "refused: stands elsewhere",
            Self::Unsure => "refused: read with doubt, or only near, or a letter may be a digit",
        }
    }
}
