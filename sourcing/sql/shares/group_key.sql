{% include "shares/group_key_plain.sql" %}
    AS grp,
