//! Work nobody waits for: flushing activity, sending mails, forgetting what ran out.
