//! Languages that are run as they are written.

use super::super::grammar::{
    DOUBLE, DOUBLE_HOLES, DOUBLE_LINES, DOUBLE_RAW, Grammar, PLAIN, SINGLE, SINGLE_RAW,
    TRIPLE_DOUBLE, TRIPLE_SINGLE,
};

const REMARKS: Grammar = Grammar {
    notes: &["#"],
    quotes: &[DOUBLE_LINES, SINGLE],
    calls: true,
    capitals: true,
    ..PLAIN
};

pub(super) const PYTHON: Grammar = Grammar {
    names: "python py python3 py3 pycon ipython pyi starlark bzl",
    words: "and as assert async await break case class continue def del elif else except finally for from global if \
            import in is lambda match nonlocal not or pass raise return try type while with yield",
    values: "True False None",
    types: "bool bytes cls dict float int list object self set str tuple",
    quotes: &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE],
    quote_letters: "rbfuRBFU",
    sigils: "@",
    ..REMARKS
};

pub(super) const RUBY: Grammar = Grammar {
    names: "ruby rb irb rake gemfile crystal cr",
    words: "alias and attr_accessor attr_reader attr_writer begin break case class def do else elsif end \
            ensure extend for if in include module next not or private protected public redo require \
            require_relative rescue retry return super then undef unless until when while yield",
    values: "true false nil self",
    note: Some(("=begin", "=end")),
    quotes: &[DOUBLE_LINES, SINGLE],
    sigils: "@$:",
    patterns: true,
    here_texts: true,
    ..REMARKS
};

pub(super) const SHELL: Grammar = Grammar {
    names: "bash sh shell zsh fish ksh console shellsession shell-session terminal",
    words: "break case continue declare do done elif else esac exec exit export fi for function if in local readonly \
            return select set shift source sudo then time trap typeset unset until while",
    values: "true false",
    notes_after_blank: true,
    quotes: &[DOUBLE_HOLES, SINGLE_RAW],
    in_word: "-./",
    sigils: "$",
    calls: false,
    capitals: false,
    commands: true,
    here_texts: true,
    ..REMARKS
};

pub(super) const POWERSHELL: Grammar = Grammar {
    names: "powershell ps1 pwsh posh psm1 bat cmd batch dos",
    words: "begin break catch class continue data do dynamicparam else elseif end enum exit filter finally for foreach \
            from function goto if in param process return set switch throw trap try until using while echo rem call",
    note: Some(("<#", "#>")),
    quotes: &[DOUBLE_LINES, SINGLE_RAW],
    any_case: true,
    in_word: "-",
    sigils: "$",
    capitals: false,
    commands: true,
    ..REMARKS
};

pub(super) const PERL: Grammar = Grammar {
    names: "perl pl pm",
    words: "and cmp do each else elsif eq for foreach ge given gt if keys last le local lt my ne next no not or our \
            package print push redo require return shift sub unless until use values when while xor",
    values: "undef",
    sigils: "$@%",
    patterns: true,
    here_texts: true,
    ..REMARKS
};

pub(super) const LUA: Grammar = Grammar {
    names: "lua luau",
    words: "and break do else elseif end for function goto if in local not or repeat return then until while",
    values: "true false nil self",
    notes: &["--"],
    note: None,
    quotes: &[DOUBLE, SINGLE],
    ..REMARKS
};

pub(super) const R: Grammar = Grammar {
    names: "r rlang rscript julia jl",
    words: "abstract baremodule begin break const do else elseif end export finally for function global if import in \
            let library local macro module mutable next primitive quote repeat require return struct try type using \
            where while",
    values: "TRUE FALSE NULL NA Inf NaN true false nothing missing",
    in_word: ".",
    ..REMARKS
};

pub(super) const ELIXIR: Grammar = Grammar {
    names: "elixir ex exs",
    words: "after alias and case catch cond def defdelegate defexception defguard defimpl defmacro defmodule defp \
            defprotocol defstruct do else end fn for if import in not or quote raise receive require rescue try \
            unless unquote use when with",
    values: "true false nil",
    quotes: &[TRIPLE_DOUBLE, DOUBLE_LINES, SINGLE],
    sigils: "@:",
    ..REMARKS
};

pub(super) const HASKELL: Grammar = Grammar {
    names: "haskell hs elm ocaml ml fsharp f# fs",
    words: "and as begin case class data deriving do else end exception family forall fun function if import in infix \
            infixl infixr instance let match member module mutable namespace newtype of open port private rec \
            static then try type val when where while with",
    values: "true false",
    notes: &["--", "//"],
    note: Some(("{-", "-}")),
    notes_nest: true,
    quotes: &[TRIPLE_DOUBLE, DOUBLE],
    in_word: "'",
    calls: false,
    ..REMARKS
};

pub(super) const DOCKERFILE: Grammar = Grammar {
    names: "dockerfile docker containerfile",
    words: "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL \
            USER VOLUME WORKDIR",
    notes_after_blank: true,
    quotes: &[DOUBLE_RAW, SINGLE_RAW],
    in_word: "-./",
    sigils: "$",
    calls: false,
    capitals: false,
    here_texts: true,
    ..REMARKS
};

pub(super) const MAKEFILE: Grammar = Grammar {
    names: "makefile make mk just justfile cmake nginx",
    words: "define else endef endif endfunction endforeach export foreach function if ifdef ifeq ifndef ifneq include \
            override set unexport",
    notes_after_blank: true,
    quotes: &[DOUBLE, SINGLE],
    in_word: "-./",
    sigils: "$",
    key_mark: Some(b':'),
    capitals: false,
    calls: true,
    ..REMARKS
};
