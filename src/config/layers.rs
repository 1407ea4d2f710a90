//! Laying the layers on one another.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::file;
use super::keys::KEYS;
use crate::error::{Error, Kind, Result};

/// The environment variables of the process, taken once by the binary.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// From names and values; a later value of the same name wins.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// From the variables as the operating system gives them. One that `lea` reads and that isn't text is an error beside
    /// the rest: to pass over it would put another value in force without a word.
    pub fn from_os(variables: impl IntoIterator<Item = (OsString, OsString)>) -> (Self, Option<Error>) {
        let (mut texts, mut unreadable) = (BTreeMap::new(), None);
        for (name, value) in variables {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => {
                    texts.insert(name, value);
                }
                Err(_) if is_read(&name) => {
                    unreadable = Some(Error::new(Kind::Input, "invalid_environment", format!("the value of {name} is not UTF-8")));
                }
                Err(_) => {}
            }
        }
        (Self(texts), unreadable)
    }

    /// The value of `name`; a value of white space alone counts as unset.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// Whether `name` is set at all, be it to nothing.
    pub fn is_set(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// Whether a variable of this name decides anything here.
fn is_read(name: &str) -> bool {
    let set_elsewhere = ["HOME", "XDG_DATA_HOME", "PROGRAMDATA", "LOCALAPPDATA"].contains(&name);
    name.starts_with("LEA_") || name.starts_with("RPA_") || set_elsewhere || KEYS.iter().any(|key| key.env.contains(&name))
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum Origin {
    /// Built in.
    Default,
    /// A line of a settings file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        name: String,
    },
    /// A flag of the command line.
    Flag {
        /// Its name, with the dashes.
        name: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment { name } => write!(f, "environment {name}"),
            Self::Flag { name } => write!(f, "flag {name}"),
        }
    }
}

/// The value in force of one setting.
#[derive(Clone, Serialize)]
pub struct Effective {
    /// The setting's path.
    pub name: &'static str,
    /// Its text, or nothing when it is unset.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

impl Effective {
    /// Whether the value must not be shown.
    pub fn is_secret(&self) -> bool {
        KEYS.iter().any(|key| key.path == self.name && key.secret)
    }
}

impl fmt::Debug for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.is_secret() { self.value.as_ref().map(|_| "********") } else { self.value.as_deref() };
        write!(f, "{} = {value:?} ({})", self.name, self.origin)
    }
}

/// All settings with the values in force.
#[derive(Debug, Clone)]
pub struct Layers {
    values: Vec<Effective>,
}

impl Layers {
    /// Lays `flags` (flag name, setting's path, value) over `environment` over `file` over the defaults.
    ///
    /// # Errors
    /// When the file cannot be read or names a setting that does not exist.
    pub fn load(file: Option<&Path>, environment: &Environment, flags: &[(&str, &str, String)]) -> Result<Self> {
        let entries = file.map(file::read).transpose()?.unwrap_or_default();
        let values = KEYS
            .iter()
            .map(|key| {
                if let Some((name, _, value)) = flags.iter().find(|(_, path, _)| *path == key.path) {
                    return Effective { name: key.path, value: Some(value.clone()), origin: Origin::Flag { name: (*name).to_owned() } };
                }
                if let Some((name, value)) = key.env.iter().find_map(|name| environment.get(name).map(|value| (*name, value))) {
                    return Effective {
                        name: key.path,
                        value: Some(value.to_owned()),
                        origin: Origin::Environment { name: name.to_owned() },
                    };
                }
                if let (Some(entry), Some(path)) = (entries.iter().find(|entry| entry.path == key.path && entry.says(key)), file) {
                    let origin = Origin::File { path: path.to_path_buf(), line: entry.line };
                    return Effective { name: key.path, value: Some(entry.text.clone()), origin };
                }
                Effective { name: key.path, value: key.default.map(str::to_owned), origin: Origin::Default }
            })
            .collect();
        Ok(Self { values })
    }

    /// Every setting with its value and origin, in the order of the list.
    pub fn all(&self) -> &[Effective] {
        &self.values
    }

    /// The setting called `path`.
    pub fn effective(&self, path: &str) -> Option<&Effective> {
        self.values.iter().find(|value| value.name == path)
    }

    /// The text of a setting, if it is set.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.effective(path).and_then(|value| value.value.as_deref())
    }

    /// A setting that is a path.
    pub fn path(&self, path: &str) -> Option<PathBuf> {
        self.text(path).map(PathBuf::from)
    }

    /// A setting that is yes or no: `true`, `1`, `yes`, `on` and their opposites, in any case.
    pub fn flag(&self, path: &str) -> Result<bool> {
        match self.text(path).unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "" | "false" | "0" | "no" | "off" => Ok(false),
            _ => Err(self.refuse(path, "must be true or false")),
        }
    }

    /// A setting that is a whole number within `range`.
    pub fn number(&self, path: &str, range: std::ops::RangeInclusive<u64>) -> Result<u64> {
        let text = self.text(path).unwrap_or_default().replace('_', "");
        match text.trim().parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(self.refuse(path, &format!("must be a whole number from {} to {}", range.start(), range.end()))),
        }
    }

    /// A setting that is a fraction within `range`.
    pub fn fraction(&self, path: &str, range: std::ops::RangeInclusive<f64>) -> Result<f64> {
        match self.text(path).unwrap_or_default().trim().parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(self.refuse(path, &format!("must be a number from {} to {}", range.start(), range.end()))),
        }
    }

    /// The error for a value of `path` that cannot be used; it names where the value came from.
    pub fn refuse(&self, path: &str, why: &str) -> Error {
        self.refusal(path, &format!(" = {:?}", self.text(path).unwrap_or_default()), why)
    }

    /// The same for a value that may hold a secret and is therefore not repeated.
    pub fn refuse_unseen(&self, path: &str, why: &str) -> Error {
        self.refusal(path, "", why)
    }

    fn refusal(&self, path: &str, value: &str, why: &str) -> Error {
        let origin = self.effective(path).map_or(Origin::Default, |found| found.origin.clone());
        let kind = if matches!(origin, Origin::Flag { .. }) { Kind::Usage } else { Kind::Input };
        Error::new(kind, "invalid_setting", format!("{path}{value} ({origin}): it {why}"))
    }
}
