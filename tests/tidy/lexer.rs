//! Just enough of Rust's grammar to measure it: where code ends and text begins, where a test item ends, how long a
//! function is, what a trait is and who implements it. Works on bytes; a blanked byte is a space, a line stays a line.

/// The source with every comment, string and character literal blanked. As long as the source, byte for byte.
pub(crate) fn code(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut blanked = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let word = word_length(&bytes[at..]);
        let rest = &bytes[at + word..];
        let hidden = match &bytes[at..at + word] {
            b"" | b"b" | b"c" => quoted(rest),
            b"r" | b"br" | b"cr" => raw_string(rest),
            _ => 0,
        };
        for byte in &mut blanked[at + word..at + word + hidden] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at += (word + hidden).max(1);
    }
    String::from_utf8(blanked).expect("whole characters are blanked or kept")
}

fn word_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_word(**byte)).count()
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// The length of the comment, string or character that begins here, 0 if none does.
fn quoted(rest: &[u8]) -> usize {
    match rest {
        [b'/', b'/', ..] => rest.iter().take_while(|byte| **byte != b'\n').count(),
        [b'/', b'*', ..] => block_comment(rest),
        [b'"', ..] => 1 + escaped(&rest[1..], b'"'),
        [b'\'', b'\\', ..] => 1 + escaped(&rest[1..], b'\''),
        [b'\'', first, ..] => {
            let width = character_width(*first);
            // Without a closing quote it is a lifetime or a label.
            if rest.get(1 + width) == Some(&b'\'') { width + 2 } else { 0 }
        }
        _ => 0,
    }
}

const fn character_width(first: u8) -> usize {
    match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

/// Up to and with the closing quote.
fn escaped(text: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Block comments nest.
fn block_comment(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// What follows the `r` of a raw string; 0 for a raw identifier and everything else.
fn raw_string(rest: &[u8]) -> usize {
    let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
    if rest.get(hashes) != Some(&b'"') {
        return 0;
    }
    let mut end = vec![b'"'];
    end.resize(1 + hashes, b'#');
    let body = &rest[hashes + 1..];
    let length = body.windows(end.len()).position(|window| window == end).unwrap_or(body.len());
    (hashes + 1 + length + end.len()).min(rest.len())
}

/// Code without the items marked `#[cfg(test)]`: modules, functions, imports.
pub(crate) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        kept.push_str(&rest[..start]);
        rest = &rest[start + MARK.len()..];
        rest = &rest[item_length(rest)..];
    }
    kept + rest
}

/// To the end of the item that begins here: its semicolon or its closing brace.
fn item_length(code: &str) -> usize {
    let head = head_length(code);
    match code[head..].bytes().next() {
        Some(b'{') => head + block_length(&code[head..]),
        Some(b';') => head + 1,
        _ => head,
    }
}

/// Where the `{` of an item stands, if it has one.
fn body_start(code: &str) -> Option<usize> {
    let head = head_length(code);
    code[head..].starts_with('{').then_some(head)
}

/// To the first `{`, `;`, or `}` of what surrounds it, that does not stand in brackets.
fn head_length(code: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' | b';' | b'}' if depth == 0 => return at,
            _ => {}
        }
    }
    code.len()
}

/// The length of a block that begins with `{`.
fn block_length(code: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// Name and number of lines, from `fn` to the closing brace, of each function that has a body.
pub(crate) fn functions(code: &str) -> Vec<(String, usize)> {
    after_word(code, "fn").filter_map(|rest| Some((name(rest)?, body_lines(rest)?))).collect()
}

fn body_lines(signature: &str) -> Option<usize> {
    let open = body_start(signature)?;
    let end = open + block_length(&signature[open..]);
    Some(signature[..end].matches('\n').count() + 1)
}

/// The names of the traits declared here.
pub(crate) fn traits(code: &str) -> Vec<String> {
    after_word(code, "trait").filter_map(name).collect()
}

/// The name of the trait of each `impl Trait for Type`, without path and parameters.
pub(crate) fn implemented(code: &str) -> Vec<String> {
    after_word(code, "impl").filter_map(implemented_trait).collect()
}

fn implemented_trait(rest: &str) -> Option<String> {
    let header = &rest[..body_start(rest)?];
    let header = header.trim_start();
    let header = if header.starts_with('<') { &header[parameters_length(header)..] } else { header };
    let (path, _) = header.split_once(" for ")?;
    let path = path.split('<').next().unwrap_or(path).trim();
    path.rsplit("::").next().and_then(name)
}

/// The length of `<…>`; an arrow's `>` closes nothing.
fn parameters_length(code: &str) -> usize {
    let mut depth = 0;
    let mut before = b' ';
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' if before == b'-' => {}
            b'>' if depth == 1 => return at + 1,
            b'>' => depth -= 1,
            _ => {}
        }
        before = byte;
    }
    code.len()
}

/// The identifier that begins here, after blanks.
fn name(rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let length = word_length(rest.as_bytes());
    (length > 0).then(|| rest[..length].to_owned())
}

/// What follows each occurrence of a word.
fn after_word<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    words(code, word).map(move |at| &code[at + word.len()..])
}

/// Where a text stands that neither begins nor ends within a longer word.
pub(crate) fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = text.as_bytes();
    let first = word.as_bytes().first().copied().is_some_and(is_word);
    let last = word.as_bytes().last().copied().is_some_and(is_word);
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = at.checked_sub(1).is_some_and(|before| is_word(bytes[before]));
        let after = bytes.get(at + word.len()).is_some_and(|after| is_word(*after));
        !(first && before || last && after)
    })
}

#[test]
fn text_is_told_from_code() {
    for (source, expected) in [
        (r#"a("}") + 1"#, "a(   ) + 1"),
        (r#"a("\"}") + 1"#, "a(     ) + 1"),
        (r##"r#"}"}"#; b"##, "r       ; b"),
        ("r#type; b", "r#type; b"),
        ("'}' 'a: x", "    'a: x"),
        (r"b'\'' + '\u{7d}' + 'å'", "b     +          +     "),
        ("a // }\nb /* { /* } */ */ c", "a     \nb                 c"),
    ] {
        assert_eq!(code(source), expected, "{source}");
    }
}

#[test]
fn test_items_are_left_out() {
    for (source, expected) in [
        ("a\n#[cfg(test)]\nmod tests {\n{}}\nb", "a\n\nb"),
        ("#[cfg(test)] mod tests;\nb", "\nb"),
        ("#[cfg(test)] #[path = ()] const X: [u8; 2] = [1, 2]; b", " b"),
        ("#[cfg(test)] fn f<T>(a: [u8; 2]) -> T { g() } b", " b"),
    ] {
        assert_eq!(without_tests(source), expected, "{source}");
    }
}

#[test]
fn functions_are_measured() {
    let code = "fn a() {}\ntrait T { fn b(); }\npub async fn c<F: Fn(u8)>(\n  f: fn(u8) -> [u8; 2],\n) {\n  {}\n}\n";
    assert_eq!(functions(code), [("a".to_owned(), 1), ("c".to_owned(), 5)]);
}

#[test]
fn implementors_are_found() {
    for (code, expected) in [
        ("impl Store for Memory {}", Some("Store")),
        ("impl<F: Fn(u8) -> u8> crate::x::Store<F> for Memory {}", Some("Store")),
        ("impl Memory {}", None),
        ("fn f(x: impl for<'a> Fn(&'a u8)) -> u8 {}", None),
    ] {
        assert_eq!(implemented(code).first().map(String::as_str), expected, "{code}");
    }
}
