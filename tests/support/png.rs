//! PNG files put together by hand: headers that lie, and bodies of nothing but zeros that are small as written.

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Channels of a PNG, 8 bits each.
#[derive(Debug, Clone, Copy)]
pub enum Colour {
    Grey,
    Rgb,
}

/// A PNG of these chunks, each with its checksum.
pub fn png(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    for (name, data) in chunks {
        out.extend((data.len() as u32).to_be_bytes());
        let start = out.len();
        out.extend(name);
        out.extend(*data);
        let crc = crc(&out[start..]);
        out.extend(crc.to_be_bytes());
    }
    out
}

/// The data of an `IHDR` of 8 bits a channel.
pub fn header(width: u32, height: u32, colour: Colour) -> Vec<u8> {
    let kind = match colour {
        Colour::Grey => 0,
        Colour::Rgb => 2,
    };
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, kind, 0, 0, 0]].concat()
}

/// At least `length` zeros as a zlib stream, about 160 times as small.
pub fn zeros(length: usize) -> Vec<u8> {
    /// What one repetition stands for.
    const RUN: usize = 258;
    let runs = length.div_ceil(RUN).max(1);
    let mut bits = Bits::default();
    // A last block of fixed codes: one zero, then repetitions of what is one byte back.
    bits.push(0b011, 3);
    bits.push(0b0000_1100, 8);
    for _ in 0..runs {
        // The code of length 258, 11000101 with its highest bit first, and five zeros for the distance.
        bits.push(0b1010_0011, 13);
    }
    // The code that ends the block.
    bits.push(0, 7);
    let written = 1 + runs * RUN;
    let adler = (((written % 65_521) as u32) << 16) | 1;
    [&[0x78, 0x01], &bits.end()[..], &adler.to_be_bytes()].concat()
}

/// Bits, the lowest of each byte first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    waiting: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.waiting |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.waiting as u8);
            self.waiting >>= 8;
            self.count -= 8;
        }
    }

    fn end(mut self) -> Vec<u8> {
        self.push(0, 7);
        self.bytes
    }
}

fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(u32::MAX, |crc, byte| TABLE[((crc ^ u32::from(*byte)) & 0xff) as usize] ^ (crc >> 8))
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}
