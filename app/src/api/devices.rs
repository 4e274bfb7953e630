//! Command lines that sign in by a code.

use super::{Described, Error};
use leptos::prelude::*;
use model::device::{Device, DeviceRequest};
use model::{DeviceId, WorkspaceId};
use serde::{Deserialize, Serialize};

/// The device that shows a code, for deciding about it. Right: `self.manage`; the code is the key, and looking is
/// counted. `workspace` is the one the command line named.
#[server(prefix = "/api/fn", endpoint = "devices/request", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_device_request(
    user_code: String,
    workspace: Option<String>,
) -> Result<DeviceRequest, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.device_request(&auth, &user_code, workspace.as_deref()).await?)
}

/// Lets a device act as oneself. Right: `self.manage`, in a browser; the workspace must be one that may be entered.
#[server(prefix = "/api/fn", endpoint = "devices/approve", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn approve_device(
    user_code: String,
    workspace: Option<WorkspaceId>,
    hint: Option<String>,
    #[server(default)] trusted: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    let hint = hint.as_deref();
    let approval = control::devices::Approval { user_code: &user_code, workspace, hint, trusted };
    Ok(caller.control.approve_device(&auth, &approval).await?)
}

/// Lets Reeve's own command line administer as oneself. Right: `self.manage`, freshly signed in, in a browser.
#[server(prefix = "/api/fn", endpoint = "devices/approve_command_line", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn approve_command_line(user_code: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.control.my_command_lines(&caller.cx).await?;
    Ok(caller.control.approve_command_line(&auth, &user_code).await?)
}

/// Refuses a device. Right: `self.manage`, in a browser.
#[server(prefix = "/api/fn", endpoint = "devices/deny", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn deny_device(user_code: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.deny_device(&auth, &user_code).await?)
}

/// The devices one approved. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "devices/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_devices() -> Result<Vec<Device>, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.devices(&auth).await?)
}

/// Revokes all devices one approved; returns how many. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "devices/revoke_all", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn revoke_devices() -> Result<u64, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.revoke_devices(&auth).await?)
}

/// Revokes a device one approved. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "devices/revoke", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn revoke_device(id: DeviceId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.revoke_device(&auth, id).await?)
}
