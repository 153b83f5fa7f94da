//! Data, queries, settings, and texts about code.

use super::super::grammar::{
    BACK_RAW, BRACES, DOUBLE, DOUBLE_RAW, Grammar, Manner, PLAIN, SINGLE, SINGLE_RAW,
    TRIPLE_DOUBLE, TRIPLE_SINGLE,
};

pub(super) const JSON: Grammar = Grammar {
    names: "json jsonc json5 jsonl ndjson geojson webmanifest",
    values: "true false null",
    notes: &["//"],
    note: Some(("/*", "*/")),
    quotes: &[DOUBLE, SINGLE],
    key_mark: Some(b':'),
    ..PLAIN
};

pub(super) const YAML: Grammar = Grammar {
    names: "yaml yml",
    values: "true false null yes no on off True False",
    notes: &["#"],
    notes_after_blank: true,
    quotes: &[DOUBLE, SINGLE],
    in_word: "-./'",
    sigils: "&*",
    key_mark: Some(b':'),
    ..PLAIN
};

pub(super) const TOML: Grammar = Grammar {
    names: "toml",
    values: "true false inf nan",
    notes: &["#"],
    quotes: &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE],
    in_word: "-.",
    key_mark: Some(b'='),
    sections: true,
    ..PLAIN
};

pub(super) const INI: Grammar = Grammar {
    names: "ini conf cfg config properties env dotenv editorconfig gitconfig systemd service desktop",
    values: "true false yes no on off",
    notes: &["#", ";"],
    notes_after_blank: true,
    quotes: &[DOUBLE],
    in_word: "-.",
    sigils: "$",
    key_mark: Some(b'='),
    sections: true,
    ..PLAIN
};

pub(super) const SQL: Grammar = Grammar {
    names: "sql postgresql postgres pgsql plpgsql mysql mariadb sqlite sqlite3 tsql mssql plsql oracle bigquery \
            snowflake duckdb",
    words: "add all alter analyze and any as asc autoincrement auto_increment begin between by cascade case check \
            collate column commit conflict constraint create cross current current_date current_timestamp database \
            declare default delete desc distinct do drop each else end escape except exists explain fetch filter \
            first following for foreign from full function generated grant group having if ilike in index inner \
            insert instead intersect interval into is join key last lateral left like limit materialized natural not \
            nothing nulls of offset on only or order outer over partition preceding primary procedure recursive \
            references rename replace restrict returning returns revoke right rollback row rows schema select \
            sequence set table temporary then to transaction trigger truncate unbounded union unique update using \
            vacuum values view when where window with within",
    values: "true false null",
    types: "bigint bigserial blob boolean bytea char date datetime decimal double float int integer json jsonb \
            numeric real serial smallint text time timestamp timestamptz uuid varchar",
    any_case: true,
    notes: &["--"],
    note: Some(("/*", "*/")),
    quotes: &[SINGLE_RAW, DOUBLE_RAW, BACK_RAW],
    sigils: "$@:",
    calls: true,
    ..PLAIN
};

pub(super) const HCL: Grammar = Grammar {
    names: "hcl terraform tf tfvars nix",
    words: "assert data dynamic else for foreach if in inherit let locals module output provider rec resource \
            terraform then variable with",
    values: "true false null",
    notes: &["#", "//"],
    quotes: &[DOUBLE],
    in_word: "-",
    key_mark: Some(b'='),
    capitals: false,
    here_texts: true,
    ..BRACES
};

pub(super) const PROTO: Grammar = Grammar {
    names: "proto protobuf proto3 thrift solidity sol",
    words: "abstract address constructor contract emit enum event extend external function import interface internal \
            mapping memory message modifier oneof option optional package payable pragma private public pure repeated \
            require required reserved return returns rpc service storage stream struct syntax to using view virtual",
    values: "true false",
    types: "bool bytes bytes32 double fixed32 fixed64 float int32 int64 map sint32 sint64 string uint uint8 uint32 \
            uint64 uint256",
    ..BRACES
};

pub(super) const DIFF: Grammar = Grammar {
    names: "diff patch udiff",
    manner: Manner::Diff,
    ..PLAIN
};

pub(super) const MARKDOWN: Grammar = Grammar {
    names: "markdown md mdx",
    manner: Manner::Markdown,
    ..PLAIN
};
