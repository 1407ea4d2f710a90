//! Update ZIPs that are wrong, each in its own way.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::io::Cursor;

use lea::files::{Access, write_whole};
use lea::update::{Ceilings, Inspection, UpdateType, inspect};

use crate::support::source::files_below;
use crate::support::zips::{End, Entry, update, zip, zip_with};
use crate::support::{Sandbox, inspect_archive, root};

const CEILINGS: Ceilings = Ceilings { bytes: 8 << 20, expanded: 16 << 20, ratio: 100, entries: 50 };

fn look(zip: &[u8]) -> Inspection {
    inspect(&mut Cursor::new(zip), Some(UpdateType::CodeOnly), &CEILINGS).unwrap()
}

/// An honest archive with a large end of its own and `more` between that end and its locator.
fn with_large_end(more: &[u8], sentinel: bool) -> Vec<u8> {
    let plain = zip(&[Entry::stored("config.py", b"x = 1\n")]);
    let end = plain.len() - 22;
    let (mut archive, mut tail) = (plain[..end].to_vec(), plain[end..].to_vec());
    let at = archive.len() as u64;
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let [count, size, from] = [number(&tail[10..12]), number(&tail[12..16]), number(&tail[16..20])];
    archive.extend(b"PK\x06\x06");
    archive.extend((44 + more.len() as u64).to_le_bytes());
    archive.extend([45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [count, count, size, from] {
        archive.extend(number.to_le_bytes());
    }
    archive.extend(more);
    archive.extend(b"PK\x06\x07\x00\x00\x00\x00");
    archive.extend(at.to_le_bytes());
    archive.extend(1_u32.to_le_bytes());
    if sentinel {
        tail[8..12].copy_from_slice(&[0xff; 4]);
    }
    archive.extend(tail);
    archive
}

/// A file of an update with a changed entry.
fn with(change: impl FnOnce(&mut Entry)) -> Vec<u8> {
    let mut entry = Entry::deflated("agent_v1/a.py", b"one two three four five one two three four five");
    change(&mut entry);
    zip(&[Entry::stored("config.py", b"x = 1\n"), entry])
}

fn named(name: &str) -> Vec<u8> {
    with(|entry| entry.name = name.as_bytes().to_vec())
}

fn pair(a: &str, b: &str) -> Vec<u8> {
    zip(&[Entry::stored(a, b"1"), Entry::stored(b, b"2")])
}

/// Each with the code that it must be refused with, and that no honest update has.
fn hostile() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let honest = update(1000, 1);
    let mut cut = honest.clone();
    cut.truncate(honest.len() - 30);
    let mut spoilt = honest.clone();
    // Within the stored noise.
    let at = honest.windows(9).position(|nine| nine == b"model.bin").unwrap() + 100;
    spoilt[at] ^= 1;
    let junk = |entry: &mut Entry| entry.packed = vec![0xff; 40];
    vec![
        ("nothing", "not_a_zip", Vec::new()),
        ("a page", "not_a_zip", b"<html>please log in</html>".to_vec()),
        ("the beginning of one", "truncated", cut),
        ("out of the folder", "path_escape", named("agent_v1/../../evil.py")),
        ("out of it, as Windows writes", "path_escape", named("..\\evil.py")),
        ("at the root", "absolute_path", named("/etc/cron.d/evil")),
        ("on a share", "absolute_path", named("\\\\host\\share\\evil.py")),
        ("on a drive", "drive_path", named("C:\\Windows\\evil.py")),
        ("in the folder of a drive", "drive_path", named("c:evil.py")),
        ("a stream", "alternate_stream", named("agent_v1/a.py:evil")),
        ("a device", "device_name", named("agent_v1/NUL.txt")),
        ("a device with a superscript", "device_name", named("agent_v1/com¹")),
        ("a dot at the end", "trailing_dot_or_space", named("agent_v1/a.py.")),
        ("a space at the end", "trailing_dot_or_space", named("agent_v1 /a.py")),
        ("backslashes", "backslash_in_name", named("agent_v1\\a.py")),
        ("a line feed", "bad_character", named("agent_v1/a\n.py")),
        ("a star", "bad_character", named("agent_v1/*.py")),
        ("a very long path", "name_too_long", named(&format!("agent_v1/{}.py", "a".repeat(220)))),
        ("a part without a name", "empty_name", named("agent_v1//a.py")),
        ("the same folder", "dot_in_path", named("agent_v1/./a.py")),
        ("a link", "link", with(|entry| entry.attributes = 0o120_777 << 16)),
        ("a link of Windows", "link", with(|entry| entry.attributes = 0x400)),
        ("a pipe", "special_file", with(|entry| entry.attributes = 0o010_644 << 16)),
        ("the same name twice", "duplicate_name", pair("config.py", "config.py")),
        ("the same name in capitals", "case_duplicate", pair("agent_v1/a.py", "agent_v1/A.py")),
        ("the same accent in two forms", "case_duplicate", pair("agent_v1/\u{e9}.py", "agent_v1/e\u{301}.py")),
        ("a file where a folder is", "file_and_folder", pair("agent_v1/a", "agent_v1/a/b.py")),
        ("one over the other", "overlapping_entries", with(|entry| entry.offset = Some(0))),
        ("encrypted", "encrypted", with(|entry| entry.flags |= 1)),
        ("packed by LZMA", "unknown_method", with(|entry| entry.method = 14)),
        ("too many", "too_many_entries", zip(&(0..51).map(|n| Entry::stored(&format!("agent_v1/{n}"), b"")).collect::<Vec<_>>())),
        ("zeros", "ratio_too_high", zip(&[Entry::deflated("agent_v1/a.bin", &vec![0; 4 << 20])])),
        ("far too large", "expands_too_far", with(|entry| entry.size = 1 << 30)),
        ("too large a file", "too_large", update(9 << 20, 1)),
        ("a bit that fell over", "crc_mismatch", spoilt),
        ("larger than it says", "size_mismatch", with(|entry| entry.size -= 10)),
        ("smaller than it says", "size_mismatch", with(|entry| entry.size += 10)),
        ("packed nonsense", "damaged_data", with(junk)),
        ("more behind the content", "damaged_data", with(|entry| entry.packed.extend([1; 20]))),
        ("something else", "not_in_code_only", named("Lea.bat")),
        ("nothing in it", "empty_archive", zip(&[])),
        ("folders only", "empty_archive", zip(&[Entry::stored("agent_v1/", b"")])),
        ("another name in its own header", "headers_differ", with(|entry| entry.local_name = Some(b"agent_v1/b.py".to_vec()))),
        ("not where it should be", "header_missing", with(|entry| entry.offset = Some(3))),
        ("bytes before it", "stray_bytes", [b"MZ a program".as_slice(), &honest].concat()),
        ("bytes between", "stray_bytes", with(|entry| entry.before = b"hidden".to_vec())),
        ("a wrong count", "directory_damaged", zip_with(&[Entry::stored("config.py", b"")], &End { more: 1, ..End::default() })),
        ("the second of two disks", "multi_disk", zip_with(&[Entry::stored("config.py", b"")], &End { disk: 1, ..End::default() })),
        ("two ends", "directory_ambiguous", zip_with(&[], &End { comment: zip(&[]), ..End::default() })),
        ("a large end that nothing asks for", "directory_ambiguous", with_large_end(b"", false)),
        ("a second end in the first", "directory_damaged", with_large_end(&[b'P'; 56], true)),
        ("a link by a further field", "unknown_extra", with(|entry| entry.extra = vec![0x6e, 0x75, 2, 0, 0, 0])),
        ("a further field that is cut", "unknown_extra", with(|entry| entry.extra = vec![0x55, 0x54, 9, 0, 0])),
        ("a file with a folder's mode", "kind_ambiguous", with(|entry| entry.attributes = 0o040_755 << 16)),
        ("a folder with a file's mode", "kind_ambiguous", zip(&[Entry::stored("config.py", b""), Entry::stored("agent_v1/", b"")])),
        ("a short name", "short_name", named("agent_v1/LONGNA~1.PY")),
        ("a name without end", "directory_damaged", named(&"a/".repeat(5000))),
        ("a folder with content", "folder_with_content", zip(&[Entry::stored("config.py", b""), Entry::stored("agent_v1/", b"x")])),
        ("a name in another code page", "name_ambiguous", with(|entry| (entry.name, entry.flags) = (b"agent_v1/\x82.py".to_vec(), 0))),
        ("a second name", "unknown_extra", with(|entry| entry.extra = [&[0x75, 0x70, 2, 0][..], &[0, 0]].concat())),
    ]
}

#[test]
fn each_is_refused_with_its_own_code_and_named() {
    for (what, code, zip) in hostile() {
        let found = look(&zip);
        assert!(found.problems.iter().any(|problem| problem.code == code), "{what}: {:?}", found.problems);
        for problem in &found.problems {
            assert!(!problem.message.is_empty() && problem.message.len() < 200, "{what}: {problem:?}");
        }
    }
}

#[test]
fn an_honest_one_is_read_through() {
    assert_eq!(look(&with_large_end(b"", true)).problems, [], "a large end where a small one cannot say it");
    let found = look(&update(100_000, 7));
    assert_eq!(found.problems, []);
    let names: Vec<&str> = found.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!((found.entries, names), (4, vec!["agent_v1/main.py", "agent_v1/model.bin", "config.py"]));
    // As another program writes it, with descriptors behind the contents.
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for name in ["agent_v1/a.py", "lea_ui/é.js"] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, &b"some content ".repeat(100)).unwrap();
    }
    assert_eq!(look(&writer.finish().unwrap().into_inner()).problems, []);
}

#[test]
fn the_command_lists_what_is_wrong_and_exits_with_7() {
    let sandbox = Sandbox::new();
    for (what, code, zip) in hostile() {
        write_whole(&sandbox.path("a.zip"), &zip, Access::Everyone).unwrap();
        if ["too_large", "too_many_entries", "expands_too_far"].contains(&code) {
            continue;
        }
        let run = sandbox.run(["update", "verify", "a.zip", "--type", "code-only", "--json"]).expect(7);
        let found = run.json();
        assert_eq!(found["ok"], false, "{what}");
        assert!(found["problems"].as_array().unwrap().iter().any(|problem| problem["code"] == code), "{what}: {found}");
        let shown = sandbox.run(["update", "verify", "a.zip", "--type", "code-only"]).expect(7);
        assert!(shown.out.contains("REFUSED") && shown.out.contains(code), "{what}: {}", shown.out);
    }
}

#[test]
fn every_input_of_the_corpus_ends_with_an_outcome() {
    let (mut whole, mut refused) = (0, 0);
    for path in files_below(root(), "tests/fixtures/fuzz/inspect") {
        // Seen only where the test fails: then the last is the one to look at.
        println!("{path}");
        let found = inspect_archive::run(&std::fs::read(root().join(&path)).unwrap());
        *(if found.problems.is_empty() { &mut whole } else { &mut refused }) += 1;
    }
    assert!(whole > 0 && refused > 10, "a corpus that is all of one kind would prove little: {whole}, {refused}");
    // And with each byte of an honest one changed, whatever that makes of it.
    let honest = update(200, 3);
    for at in 0..honest.len() {
        let mut changed = honest.clone();
        changed[at] ^= 0x41;
        inspect_archive::run(&changed);
    }
}
