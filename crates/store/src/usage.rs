//! Living resources that count against limits.
