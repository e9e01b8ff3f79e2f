//! `hash email as SHA-256`, `shorten IP address to /24 or /48`: what is done to a value before it
//! leaves.

use super::cursor::{Cursor, Parsed};
use super::names::Sort;
use super::split::shown;
use crate::ast::{Band, Edit, EditOf, Name, TimeUnit};
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Spanned;
use crate::tree::Kind;

/// How edits begin.
const VERBS: &[&str] = &["hash", "keep only", "round", "shorten", "truncate", "turn"];

/// `hash email with key "meta-2026"`
pub(super) fn edit_of(c: &mut Cursor<'_>) -> Parsed<EditOf> {
    let from = c.here();
    let (category, edit) = read(c, |c| c.name(Sort::Category))?;
    Ok(EditOf {
        category,
        edit: c.mark(Kind::Edit, from, edit),
    })
}

/// `shorten it to /24 or /48`
pub(super) fn edit_of_it(c: &mut Cursor<'_>) -> Parsed<Spanned<Edit>> {
    c.spanned(Kind::Edit, |c| {
        let (_, edit) = read(c, |c| {
            c.expect("it")?;
            Ok(Name::new(String::new(), crate::text::Span::default()))
        })?;
        Ok(edit)
    })
}

/// Whether `, VERB` or `and VERB` comes next.
pub(super) fn follows_separator(c: &Cursor<'_>) -> bool {
    let is_separator = |text: &str| matches!(text, "," | "and");
    let mut after = c.rest().iter().skip_while(|piece| is_separator(piece.text));
    let verb = after.next().map_or("", |piece| piece.text);
    is_separator(c.peek_text())
        && VERBS
            .iter()
            .any(|known| known.split(' ').next() == Some(verb))
}

fn read(
    c: &mut Cursor<'_>,
    of: impl FnOnce(&mut Cursor<'_>) -> Parsed<Name>,
) -> Parsed<(Name, Edit)> {
    if c.eat("hash") {
        let of = of(c)?;
        return Ok((of, hash(c)?));
    }
    if c.eat("shorten") {
        let of = of(c)?;
        return Ok((of, shorten(c)?));
    }
    if c.eat("turn") {
        let of = of(c)?;
        c.expect("into age band")?;
        return Ok((of, Edit::Band(bands(c)?)));
    }
    if c.eat("round") {
        let of = of(c)?;
        c.expect("to")?;
        return Ok((of, Edit::Round(step(c)?)));
    }
    if c.eat("truncate") {
        let of = of(c)?;
        let units = [
            ("to the hour", TimeUnit::Hour),
            ("to the day", TimeUnit::Day),
            ("to the minute", TimeUnit::Minute),
        ];
        let unit = c
            .eat_any(&units)
            .ok_or_else(|| c.expected(&units.map(|(words, _)| words)))?;
        return Ok((of, Edit::TruncateTime(unit)));
    }
    if c.eat("keep only the path of") {
        return Ok((of(c)?, Edit::OnlyPath));
    }
    if c.sees("generalise") || c.sees("generalize") || c.sees("keep only") || c.sees("drop") {
        return Err(super::later::not_yet(c, "this edit"));
    }
    Err(c.expected(VERBS))
}

/// `with key "meta-2026"`, `as SHA-256`
fn hash(c: &mut Cursor<'_>) -> Parsed<Edit> {
    if c.eat("with key") {
        return Ok(Edit::KeyedHash(
            c.quote("a key's name in quotation marks")?.node,
        ));
    }
    if c.eat("as SHA-256") {
        return Ok(Edit::Sha256);
    }
    Err(c.expected(&["with key", "as SHA-256"]))
}

/// `to /24 or /48`
fn shorten(c: &mut Cursor<'_>) -> Parsed<Edit> {
    c.expect("to")?;
    let v4 = bits(c, 32)?;
    c.expect("or")?;
    let v6 = bits(c, 128)?;
    Ok(Edit::ShortenIp { v4, v6 })
}

fn bits(c: &mut Cursor<'_>, most: u8) -> Parsed<u8> {
    let piece = c.word("a prefix length")?;
    let bits = piece
        .text
        .strip_prefix('/')
        .and_then(|bits| bits.parse().ok());
    bits.filter(|bits| *bits <= most).ok_or_else(|| {
        let message = format!("`{}` is not a prefix length", shown(piece.text));
        let found = Diagnostic::new(registry::BAD_NUMBER, piece.span, message);
        Box::new(found.help(format!("write the bits that are kept, `/0` to `/{most}`")))
    })
}

/// `18-24, 25-34, 35-49, 50+`
fn bands(c: &mut Cursor<'_>) -> Parsed<Vec<Band>> {
    let mut bands = vec![band(c)?];
    loop {
        let is_separated = matches!(c.peek_text(), "," | "and");
        let mut after = c
            .rest()
            .iter()
            .skip_while(|piece| matches!(piece.text, "," | "and"));
        let is_band = after
            .next()
            .is_some_and(|piece| read_band(piece.text).is_some());
        if !(is_separated && is_band && c.next_item()) {
            return Ok(bands);
        }
        bands.push(band(c)?);
    }
}

fn band(c: &mut Cursor<'_>) -> Parsed<Band> {
    let piece = c.word("an age band")?;
    read_band(piece.text).ok_or_else(|| {
        let message = format!("`{}` is not an age band", shown(piece.text));
        let found = Diagnostic::new(registry::BAD_NUMBER, piece.span, message);
        Box::new(found.help("write bands as `18-24` and the last one as `50+`"))
    })
}

fn read_band(text: &str) -> Option<Band> {
    if let Some(from) = text.strip_suffix('+') {
        return Some(Band {
            from: whole(from)?,
            to: None,
        });
    }
    let (from, to) = text.split_once('-')?;
    Some(Band {
        from: whole(from)?,
        to: Some(whole(to)?),
    })
}

/// Digits only: `+5` is no age.
fn whole(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `10`, `0.50`: a decimal number above zero.
fn step(c: &mut Cursor<'_>) -> Parsed<String> {
    let piece = c.word("a number")?;
    let digits = piece.text.bytes().filter(u8::is_ascii_digit).count();
    let dots = piece.text.bytes().filter(|byte| *byte == b'.').count();
    let is_number = digits > 0
        && digits <= 15
        && digits + dots == piece.text.len()
        && dots <= 1
        && !piece.text.starts_with('.')
        && !piece.text.ends_with('.');
    if is_number {
        return Ok(piece.text.to_owned());
    }
    let message = format!("`{}` is not a number", shown(piece.text));
    let found = Diagnostic::new(registry::BAD_NUMBER, piece.span, message);
    Err(Box::new(
        found.help("write it in digits, such as `10` or `0.50`"),
    ))
}
