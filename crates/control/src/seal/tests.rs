use super::*;
use crate::rng::OsEntropy;
use model::Timestamp;
use std::sync::Arc;

const HERE: Place = Place { column: Column::ConnectionSecret, row: Uuid::from_u128(1) };

fn ids() -> Ids {
    Ids::new(Arc::new(OsEntropy))
}

fn keys(current: &str, previous: Option<&str>) -> SecretKeys {
    SecretKeys::new(&current.into(), previous.map(SecretString::from).as_ref())
}

fn row(keys: &SecretKeys, n: u128) -> Wrapped {
    keys.generate(&ids(), DataKeyId::from_uuid(Uuid::from_u128(n)), Timestamp::default())
}

fn data_key(n: u128) -> DataKey {
    let keys = keys("one key", None);
    keys.open(&row(&keys, n)).unwrap().0
}

fn opened(key: &DataKey, place: Place, bytes: &[u8]) -> Result<Vec<u8>, CannotOpen> {
    key.open(place, &Sealed::from_bytes(bytes.to_vec())).map(|clear| clear.to_vec())
}

#[test]
fn a_sealed_value_opens_in_its_place_only() {
    let key = data_key(7);
    let sealed = key.seal(&ids(), HERE, b"hush");
    assert_eq!(opened(&key, HERE, sealed.as_bytes()), Ok(b"hush".to_vec()));
    for elsewhere in [
        Place { row: Uuid::from_u128(2), ..HERE },
        Place { column: Column::Mail, ..HERE },
        Place { column: Column::AttemptSecrets, row: Uuid::nil() },
    ] {
        assert_eq!(opened(&key, elsewhere, sealed.as_bytes()), Err(CannotOpen::Changed));
    }
    assert_ne!(sealed, key.seal(&ids(), HERE, b"hush"), "each sealing has its own nonce");
}

#[test]
fn a_sealed_value_names_its_key_and_opens_under_no_other() {
    let (key, other) = (data_key(7), data_key(8));
    let sealed = key.seal(&ids(), HERE, b"hush");
    assert_eq!(key_of(sealed.as_bytes()), Ok(key.id()));
    assert_eq!(opened(&other, HERE, sealed.as_bytes()), Err(CannotOpen::Changed));
    // The name of the other key before it does not help: the header is authenticated.
    let renamed = [&other.header()[..], &sealed.as_bytes()[17..]].concat();
    assert_eq!(opened(&other, HERE, &renamed), Err(CannotOpen::Changed));
    // Nor does another key of the same name.
    assert_eq!(opened(&data_key(7), HERE, sealed.as_bytes()), Err(CannotOpen::Changed));
}

#[test]
fn a_value_with_any_byte_changed_or_missing_is_refused() {
    let key = data_key(7);
    let sealed = key.seal(&ids(), HERE, b"hush");
    for n in 0..sealed.as_bytes().len() {
        assert_eq!(
            opened(&key, HERE, &sealed.as_bytes()[..n]),
            Err(CannotOpen::Changed),
            "the first {n} bytes"
        );
        let mut changed = sealed.as_bytes().to_vec();
        changed[n] ^= 1;
        assert_eq!(opened(&key, HERE, &changed), Err(CannotOpen::Changed), "byte {n} changed");
    }
    let longer = [sealed.as_bytes(), &[0]].concat();
    assert_eq!(opened(&key, HERE, &longer), Err(CannotOpen::Changed));
}

#[test]
fn a_value_of_another_format_is_told_from_one_that_was_changed() {
    let mut old = data_key(7).seal(&ids(), HERE, b"hush").as_bytes().to_vec();
    old[0] = 1;
    assert_eq!(key_of(&old), Err(CannotOpen::Format));
    assert_eq!(key_of(&[]), Err(CannotOpen::Changed));
    assert_eq!(key_of(&[FORMAT, 1, 2]), Err(CannotOpen::Changed));
}

#[test]
fn a_data_key_opens_under_its_secret_key_and_in_its_row_only() {
    let (old, new, both) = (keys("old", None), keys("new", None), keys("new", Some("old")));
    let made = row(&old, 7);
    assert_eq!(old.open(&made).unwrap().1, OpenedBy::Current);
    assert_eq!(both.open(&made).unwrap().1, OpenedBy::Previous);
    assert!(new.open(&made).is_none());
    assert!(old.open(&Wrapped { id: DataKeyId::from_uuid(Uuid::from_u128(8)), ..made.clone() }).is_none());
    for n in 0..made.key_wrapped.len() {
        assert!(old.open(&Wrapped { key_wrapped: made.key_wrapped[..n].to_vec(), ..made.clone() }).is_none());
    }
    // Wrapped anew, it is the same key.
    let (key, _) = both.open(&made).unwrap();
    let sealed = key.seal(&ids(), HERE, b"hush");
    let rewrapped = Wrapped { key_wrapped: both.rewrap(&ids(), &key), ..made };
    let (same, by) = new.open(&rewrapped).unwrap();
    assert_eq!((by, opened(&same, HERE, sealed.as_bytes())), (OpenedBy::Current, Ok(b"hush".to_vec())));
    assert!(old.open(&rewrapped).is_none());
}

#[test]
fn a_fingerprint_tells_secret_keys_apart_and_is_no_part_of_a_key() {
    let one = keys("one key", None);
    assert_eq!(one.current().fingerprint(), keys("one key", None).current().fingerprint());
    assert_ne!(one.current().fingerprint(), keys("another key", None).current().fingerprint());
    assert_eq!(one.current().fingerprint().len(), 16);
    let made = row(&one, 7);
    assert_eq!(made.kek_fingerprint, one.current().fingerprint());
    assert!(!format!("{one:?} {:?}", one.open(&made).unwrap().0).contains(one.current().fingerprint()));
}

#[test]
fn what_a_browser_carries_opens_for_its_person_and_after_a_change_of_the_secret_key() {
    let (old, new, both) = (keys("old", None), keys("new", None), keys("new", Some("old")));
    let (whose, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let sealed = old.seal_passing(&ids(), "handover", whose, b"hush");
    for keys in [&old, &both] {
        assert_eq!(keys.open_passing("handover", whose, &sealed).unwrap().as_slice(), b"hush");
        assert!(keys.open_passing("handover", other, &sealed).is_none());
        assert!(keys.open_passing("other", whose, &sealed).is_none());
        assert!(keys.open_passing("handover", whose, &sealed[..30]).is_none());
    }
    assert!(new.open_passing("handover", whose, &sealed).is_none());
}
