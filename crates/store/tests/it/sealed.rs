//! Sealed columns: the list of them is whole, and values are replaced only where they are what was read.

use model::{ConnectionId, DataKeyId};
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use store::connections::Connection;
use store::data_keys::DataKey;
use store::sealed::{Column, Kept, Sealed};
use testkit::{World, both_engines};
use uuid::Uuid;

/// Table, column and primary key of every column whose name says that it is sealed.
async fn sealed_columns(url: &str) -> Vec<(String, String, String)> {
    let sqlite = "SELECT t.name, c.name, (SELECT group_concat(k.name) FROM pragma_table_info(t.name) k WHERE k.pk > 0) \
        FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\'";
    let postgres = "SELECT c.table_name::text, c.column_name::text, (SELECT string_agg(k.column_name::text, ',') \
        FROM information_schema.table_constraints p JOIN information_schema.key_column_usage k USING (constraint_name) \
        WHERE p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY') FROM information_schema.columns c \
        WHERE c.table_schema = 'public' AND c.column_name LIKE '%\\_sealed'";
    if url.starts_with("sqlite:") {
        let pool = SqlitePool::connect(url).await.unwrap();
        sqlx::query_as(AssertSqlSafe(sqlite)).fetch_all(&pool).await.unwrap()
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        sqlx::query_as(AssertSqlSafe(postgres)).fetch_all(&pool).await.unwrap()
    }
}

fn connection(world: &World, secret: Option<Sealed>) -> Connection {
    let id: ConnectionId = world.id();
    Connection {
        id,
        org_id: None,
        label: "SSO".to_owned(),
        issuer: format!("https://{id}.test"),
        client_id: "reeve".to_owned(),
        client_secret_sealed: secret,
        from_file: false,
        enabled: true,
        created_at: world.anonymous().now(),
    }
}

fn data_key(world: &World) -> DataKey {
    DataKey {
        id: world.id::<DataKeyId>(),
        key_wrapped: vec![1],
        kek_fingerprint: "f".to_owned(),
        created_at: world.anonymous().now(),
        retired_at: None,
    }
}

both_engines! {
    async fn the_list_of_sealed_columns_is_that_of_the_schema(world: World) {
        let mut in_schema = sealed_columns(&world.url).await;
        let mut listed: Vec<_> = Column::ALL
            .iter()
            .map(|c| (c.table().to_owned(), c.name().to_owned(), c.key().to_owned()))
            .collect();
        in_schema.sort();
        listed.sort();
        assert_eq!(listed, in_schema, "a column that is not in store::sealed is never moved to a new key");
    }

    async fn a_value_is_replaced_only_where_it_is_what_was_read(world: World) {
        let value = |n: u8| Sealed::from_bytes(vec![n; 40]);
        let row = connection(&world, Some(value(1)));
        let bare = connection(&world, None);
        let short = connection(&world, Some(Sealed::from_bytes(vec![9])));
        let mut tx = world.store.write().await.unwrap();
        for row in [&row, &bare, &short] {
            assert!(store::connections::insert(&mut tx, row).await.unwrap());
        }
        let column = Column::ConnectionSecret;
        let others = store::sealed::others(&mut tx, column, &[2; 17], Uuid::nil(), 10).await.unwrap();
        assert_eq!(others.iter().map(|kept| kept.row).collect::<Vec<_>>(), [row.id.uuid(), short.id.uuid()]);
        let after = store::sealed::others(&mut tx, column, &[2; 17], row.id.uuid(), 10).await.unwrap();
        assert_eq!(after.iter().map(|kept| kept.row).collect::<Vec<_>>(), [short.id.uuid()]);

        let read = Kept { row: row.id.uuid(), sealed: value(1) };
        let stale = Kept { sealed: value(3), ..read.clone() };
        assert!(!store::sealed::replace(&mut tx, column, &stale, &value(2)).await.unwrap());
        assert!(store::sealed::replace(&mut tx, column, &read, &value(2)).await.unwrap());
        assert!(!store::sealed::replace(&mut tx, column, &read, &value(4)).await.unwrap());
        assert_eq!(store::sealed::read(&mut tx, column, row.id.uuid()).await.unwrap(), Some(value(2)));
        assert_eq!(store::sealed::read(&mut tx, column, bare.id.uuid()).await.unwrap(), None);
        assert_eq!(store::sealed::read(&mut tx, column, Uuid::nil()).await.unwrap(), None);
        assert!(store::sealed::any_under(&mut tx, &[2; 17]).await.unwrap());
        assert!(!store::sealed::any_under(&mut tx, &[1; 17]).await.unwrap());
        let counts = store::sealed::counts(&mut tx, column).await.unwrap();
        assert_eq!(counts, [(vec![2; 17], 1), (vec![9], 1)]);
    }

    async fn a_connection_that_is_changed_keeps_the_secret_it_has_by_then(world: World) {
        let row = connection(&world, Some(Sealed::from_bytes(vec![1; 40])));
        let now = row.created_at;
        let mut tx = world.store.write().await.unwrap();
        store::connections::insert(&mut tx, &row).await.unwrap();
        let moved = Sealed::from_bytes(vec![2; 40]);
        store::connections::set_secret(&mut tx, row.id, Some(&moved)).await.unwrap();
        // With what was read before the rotation came by.
        assert!(store::connections::update(&mut tx, &row, now).await.unwrap());
        let kept = store::connections::by_id(&mut tx, row.id).await.unwrap().unwrap();
        assert_eq!(kept.client_secret_sealed, Some(moved));
    }

    async fn one_key_is_in_use_at_a_time(world: World) {
        let (first, second) = (data_key(&world), data_key(&world));
        let now = first.created_at;
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(store::data_keys::hold_current(&mut tx).await.unwrap(), None);
        assert!(store::data_keys::insert(&mut tx, &first).await.unwrap());
        assert!(!store::data_keys::insert(&mut tx, &second).await.unwrap());
        assert_eq!(store::data_keys::hold_current(&mut tx).await.unwrap(), Some(first.id));
        store::data_keys::lock(&mut tx).await.unwrap();
        store::data_keys::retire_current(&mut tx, now).await.unwrap();
        assert_eq!(store::data_keys::hold_current(&mut tx).await.unwrap(), None);
        assert!(store::data_keys::insert(&mut tx, &second).await.unwrap());
        assert_eq!(store::data_keys::hold_current(&mut tx).await.unwrap(), Some(second.id));
        store::data_keys::rewrap(&mut tx, first.id, &[7], "g").await.unwrap();
        let all = store::data_keys::all(&mut tx).await.unwrap();
        assert_eq!((all[0].key_wrapped.as_slice(), all[0].kek_fingerprint.as_str(), all[0].retired_at), (&[7][..], "g", Some(now)));
        assert_eq!((all[1].id, all[1].retired_at), (second.id, None));
        assert!(store::data_keys::delete(&mut tx, first.id).await.unwrap());
        assert!(!store::data_keys::delete(&mut tx, first.id).await.unwrap());
    }
}
