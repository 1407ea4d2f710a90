//! ZIPs made byte by byte, so that each may be wrong in its own way.

use std::io::Write;

/// An entry, and what its headers say of it.
#[derive(Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    /// The name in its own header, where that is another.
    pub local_name: Option<Vec<u8>>,
    pub packed: Vec<u8>,
    pub size: u32,
    pub crc32: u32,
    pub method: u16,
    pub flags: u16,
    pub attributes: u32,
    pub extra: Vec<u8>,
    /// Where the directory says that it stands, where that is elsewhere.
    pub offset: Option<u32>,
    /// Bytes before it that belong to nothing.
    pub before: Vec<u8>,
}

/// The flag that says that names are UTF-8.
const UTF8: u16 = 1 << 11;

impl Entry {
    /// A stored file.
    pub fn stored(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            packed: content.to_vec(),
            size: content.len() as u32,
            crc32: crc32fast::hash(content),
            method: 0,
            flags: UTF8,
            attributes: 0o100_644 << 16,
            extra: Vec::new(),
            offset: None,
            before: Vec::new(),
        }
    }

    /// A deflated file.
    pub fn deflated(name: &str, content: &[u8]) -> Self {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).unwrap();
        Self { packed: encoder.finish().unwrap(), method: 8, ..Self::stored(name, content) }
    }
}

/// What the end of the directory says.
#[derive(Clone, Default)]
pub struct End {
    /// Entries that it counts besides those that there are.
    pub more: u16,
    /// The number of its disk.
    pub disk: u16,
    pub comment: Vec<u8>,
}

/// The archive of `entries`.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    zip_with(entries, &End::default())
}

/// The archive of `entries` with this end.
pub fn zip_with(entries: &[Entry], end: &End) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        archive.extend(&entry.before);
        let offset = entry.offset.unwrap_or(archive.len() as u32);
        let name = entry.local_name.as_ref().unwrap_or(&entry.name);
        let common = |name: &[u8]| {
            let mut bytes = Vec::new();
            for number in [20, entry.flags, entry.method, 0, 0x5a21] {
                bytes.extend(u16::to_le_bytes(number));
            }
            for number in [entry.crc32, entry.packed.len() as u32, entry.size] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend((name.len() as u16).to_le_bytes());
            bytes.extend((entry.extra.len() as u16).to_le_bytes());
            bytes
        };
        archive.extend(b"PK\x03\x04");
        archive.extend(common(name));
        archive.extend(name);
        archive.extend(&entry.extra);
        archive.extend(&entry.packed);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(common(&entry.name));
        directory.extend([0; 6]);
        directory.extend(entry.attributes.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&entry.extra);
    }
    let from = archive.len() as u32;
    let count = entries.len() as u16 + end.more;
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06");
    for number in [end.disk, end.disk, count, count] {
        archive.extend(number.to_le_bytes());
    }
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(from.to_le_bytes());
    archive.extend((end.comment.len() as u16).to_le_bytes());
    archive.extend(&end.comment);
    archive
}

/// The SHA-256 of `bytes`, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    lea::update::hash(&mut &*bytes).unwrap()
}

/// An honest code-only update of about `size` bytes, different for each `seed`.
pub fn update(size: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
    .take(size)
    .collect();
    zip(&[
        Entry::deflated("agent_v1/main.py", b"print('hello')\n".repeat(20).as_slice()),
        Entry::stored("agent_v1/model.bin", &noise),
        Entry { attributes: 0o040_755 << 16 | 0x10, ..Entry::stored("lea_ui/", b"") },
        Entry::deflated("config.py", format!("AGENT_VERSION = '{seed}'\n").as_bytes()),
    ])
}
