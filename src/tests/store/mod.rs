mod errors;
mod migrations;
