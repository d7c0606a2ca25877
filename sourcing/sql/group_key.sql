--@ include group_key_plain
    AS grp,
