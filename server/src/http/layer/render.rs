//! A page is rendered by one thread at a time, with nothing of another request in it.
//!
//! Two habits of the framework do not fit a server with several threads, and both are kept away from it here.
//!
//! It begins tasks of its own for a page's data and spreads them over all threads. Its derived values are not made for
//! that: read by two threads at once for the first time, one of them finds nothing, panics, and the page waits for it for
//! ever. So the tasks of a page are not spawned but driven together with it, one step after the other.
//!
//! It keeps the current owner of contexts in a variable of the thread and leaves it there after it has begun a page.
//! Whatever the thread does next would count as part of that page: a file of the site would walk off with the page's
//! headers, its Content-Security-Policy and cookies among them. So every step of a request begins and ends with an owner
//! that belongs to no other request.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::future::{BoxFuture, Either, select};
use futures::stream::{FuturesUnordered, StreamExt};
use leptos::prelude::Owner;
use leptos::reactive::computed::ScopedFuture;
use std::pin::pin;

/// No page is anywhere near this size.
const MOST: usize = 16 * 1024 * 1024;

tokio::task_local! {
    /// Where the tasks of the page go that is being rendered.
    static TASKS: UnboundedSender<BoxFuture<'static, ()>>;
}

/// Answers a request with whatever it spawns driven beside it, and with an owner of its own.
pub async fn alone(request: Request, next: Next) -> Response {
    let owner = Owner::new_root(None);
    let answer = owner.with(|| ScopedFuture::new_untracked(whole(request, next)));
    let (tasks, mut new_tasks) = unbounded();
    let together = async move {
        let mut answer = pin!(answer);
        let mut running = FuturesUnordered::new();
        // Never empty, so that there is always something to wait for.
        running.push(Box::pin(std::future::pending()) as BoxFuture<'static, ()>);
        loop {
            let step = select(running.next(), new_tasks.next());
            match select(answer.as_mut(), step).await {
                Either::Left((answer, _)) => return answer,
                Either::Right((Either::Right((Some(task), _)), _)) => running.push(task),
                // A task that ended, and its stream of others, are nothing to act on.
                Either::Right(_) => {}
            }
        }
    };
    TASKS.scope(tasks, together).await
}

/// A page with its whole body: what it waits for is over when it is answered. Anything else as it comes.
async fn whole(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return response;
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, MOST).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes)),
        Err(error) => {
            tracing::error!(?error, "A page was not rendered to its end");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Has the framework leave its tasks to [`alone`]. The first call in a process counts; the framework's own comes later.
pub fn take_over_tasks() {
    // Fails when it was done before, which is as well.
    let _ = Executor::init_custom_executor(Beside);
}

/// Hands tasks to the request that begins them, and those of nobody to the runtime.
struct Beside;

impl CustomExecutor for Beside {
    fn spawn(&self, task: PinnedFuture<()>) {
        let mut task = Some(task);
        // Sending fails only when the page is finished, and then nobody waits for its task.
        let taken = TASKS.try_with(|tasks| task.take().map(|task| tasks.unbounded_send(task)));
        if let (Err(_), Some(task)) = (taken, task) {
            tokio::spawn(task);
        }
    }

    fn spawn_local(&self, _: PinnedLocalFuture<()>) {
        // Local tasks are for browsers; on a server the framework begins none.
        tracing::error!("A local task was begun on the server and dropped");
    }

    fn poll_local(&self) {}
}
