//! The languages that are known, by family.

mod braces;
mod data;
mod scripts;
mod web;

use super::grammar::Grammar;

/// All of them.
pub(in super::super) const GRAMMARS: [&Grammar; 38] = [
    &braces::RUST,
    &braces::GO,
    &braces::JAVA,
    &braces::KOTLIN,
    &braces::SCALA,
    &braces::SWIFT,
    &braces::C,
    &braces::CPP,
    &braces::CSHARP,
    &braces::DART,
    &braces::ZIG,
    &web::JAVASCRIPT,
    &web::TYPESCRIPT,
    &web::HTML,
    &web::XML,
    &web::CSS,
    &web::PHP,
    &web::GRAPHQL,
    &scripts::PYTHON,
    &scripts::RUBY,
    &scripts::SHELL,
    &scripts::POWERSHELL,
    &scripts::PERL,
    &scripts::LUA,
    &scripts::R,
    &scripts::ELIXIR,
    &scripts::HASKELL,
    &scripts::DOCKERFILE,
    &scripts::MAKEFILE,
    &data::JSON,
    &data::YAML,
    &data::TOML,
    &data::INI,
    &data::SQL,
    &data::HCL,
    &data::PROTO,
    &data::DIFF,
    &data::MARKDOWN,
];
