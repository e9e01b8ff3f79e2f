#![cfg(test)]
//! it
