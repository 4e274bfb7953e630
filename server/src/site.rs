//! Where the built site is.

use leptos::config::{LeptosOptions, get_configuration};
use std::path::{Path, PathBuf};

/// The options of the running site: those of `Leptos.toml` in the working folder or beside the binary. Without that
/// file the names every build uses, so that a binary and a folder are enough.
pub fn options() -> LeptosOptions {
    let beside = beside_binary();
    let files = [PathBuf::from("Leptos.toml"), beside.join("Leptos.toml")];
    let read = files
        .iter()
        .filter(|path| path.is_file())
        .find_map(|path| get_configuration(path.to_str()).ok())
        .map(|file| file.leptos_options);
    let mut options = read.unwrap_or_else(|| {
        LeptosOptions::builder().output_name("reeve").hash_files(true).site_pkg_dir("pkg").build()
    });
    if !Path::new(&*options.site_root).join(&*options.site_pkg_dir).is_dir() {
        // Beside the binary in a package, one folder up in a build folder.
        let folders = [beside.join("site"), beside.join("../site")];
        if let Some(found) = folders.iter().find(|folder| folder.is_dir()).and_then(|folder| folder.to_str())
        {
            options.site_root = found.into();
        }
    }
    // Asked for the names with digests in them, the framework gives up where it cannot find their list.
    options.hash_files = options.hash_files && beside.join(&*options.hash_file).is_file();
    options
}

/// Whether the site was built, and its files are there under the names that pages ask for.
pub fn is_built(options: &LeptosOptions) -> bool {
    let files = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
    files.is_dir() && (options.hash_files || files.join(format!("{}.css", options.output_name)).is_file())
}

fn beside_binary() -> PathBuf {
    std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf)).unwrap_or_default()
}
