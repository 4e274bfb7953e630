//! Exporting the audit log.

use super::site::{Ask, Cast};
use axum::http::StatusCode;
use serde_json::Value;
use testkit::both_engines;

both_engines! {
    async fn an_export_holds_every_entry_and_is_one_itself(world: World) {
        let cast = Cast::new(world).await;
        for n in 0..3 {
            // A name that a spreadsheet would run, and ask another host for.
            let form = format!("name=%3DHYPERLINK(%22https%3A%2F%2Fevil.test%22)+{n}");
            let renamed = cast.ask(Ask::call("/api/fn/sessions/rename_me", &form).by(&cast.by_admin)).await;
            assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.body);
        }
        let log = cast.world.audit(cast.org).await;
        let path = |format: &str| format!("/organizations/{}/audit/export?format={format}", cast.org);

        let jsonl = cast.ask(Ask::get(&path("jsonl")).by(&cast.by_admin)).await;
        assert_eq!(jsonl.status, StatusCode::OK, "{}", jsonl.body);
        let actions: Vec<String> = jsonl
            .body
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a JSON object per line"))
            .map(|entry| format!("{}/{}", entry["action"].as_str().unwrap(), entry["outcome"].as_str().unwrap()))
            .collect();
        assert_eq!(actions, log, "newest first, and not the export itself");
        assert_eq!(cast.world.audit(cast.org).await[0], "audit.exported/success");

        let csv = cast.ask(Ask::get(&path("csv")).by(&cast.by_admin)).await;
        assert!(csv.header("content-disposition").contains("audit-log.csv"));
        assert_eq!(csv.body.lines().next().unwrap().split(',').next(), Some("at"));
        assert!(csv.body.contains("'=HYPERLINK"), "{}", csv.body);
        assert!(!csv.body.contains(",=HYPERLINK") && !csv.body.contains(",\"=HYPERLINK"), "{}", csv.body);
    }

    async fn wrong_filters_are_named_and_export_nothing(world: World) {
        let cast = Cast::new(world).await;
        let before = cast.world.audit(cast.org).await;
        for (query, field) in [
            ("format=xml", "format"),
            ("format=csv&from=yesterday", "from"),
            ("format=csv&to=2026-13-01", "to"),
            ("format=csv&actor=olivia", "actor"),
            ("format=csv&action=everything", "action"),
            ("format=csv&outcome=maybe", "outcome"),
        ] {
            let path = format!("/organizations/{}/audit/export?{query}", cast.org);
            let answer = cast.ask(Ask::get(&path).by(&cast.by_admin)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.body);
            assert!(answer.body.contains(&format!("\"{field}\"")), "{query}: {}", answer.body);
        }
        assert_eq!(cast.world.audit(cast.org).await, before);
    }
}
