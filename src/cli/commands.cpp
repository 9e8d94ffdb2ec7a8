#include "cli/commands.hpp"

#include <array>

#include "cli/handlers.hpp"

namespace claviger::cli {
namespace {

constexpr std::array kNouns{
    Noun{"client", "Applications that people sign in to."},
    Noun{"user", "People who can sign in."},
    Noun{"registration-token", "Tokens with which clients register themselves."},
    Noun{"key", "The server's own signing keys."},
    Noun{"node", "The servers that share a database."},
    Noun{"token", "Look at tokens, and end them."},
    Noun{"try", "Get tokens as an application does, and look at each step."},
    Noun{"store", "The database, and moving to another one."},
    Noun{"config", "The settings, and where they come from."},
};

constexpr std::array kGlobal{
    Option{"--config", "FILE", "The file of settings. Default: ./claviger.toml if there is one."},
    Option{"--data", "DIR", "The data folder: short for --set data.directory=DIR."},
    Option{"--set", "KEY=VALUE", "Set one key for this run: --set tokens.code_ttl=30s.", true},
    Option{"--json", "", "Answer in JSON; errors too."},
};

constexpr Option kOut{"--out", "FILE",
                      "Write the secret to a new file of yours alone; - is standard output."};
constexpr Option kPasswordStdin{"--password-stdin", "", "Read the password from standard input."};

constexpr Option kClaims{"--claims", "JSON",
                         "Standard claims: an object, or the name of a file that holds one."};

// What can be said of a client when it is added and later.
const std::vector<Option> kClientMembers{
    {"--name", "NAME", "The name that the consent page shows."},
    {"--redirect-uri", "URI", "Where authorization codes are sent. May be given several times.",
     true},
    {"--post-logout-redirect-uri", "URI", "Where to go after signing out. May be repeated.", true},
    {"--scope", "SCOPE", "A scope that it may ask for. May be repeated; default: every one.", true},
    {"--grant", "TYPE",
     "A grant type: authorization_code, refresh_token, client_credentials ... May be repeated; "
     "default: the first two.",
     true},
    {"--response-type", "TYPE", "A response type. May be repeated; default: code.", true},
    {"--auth-method", "METHOD",
     "client_secret_basic (default), client_secret_post, client_secret_jwt, private_key_jwt or "
     "none."},
    {"--type", "TYPE", "web (default) or native."},
    {"--profile", "PROFILE", "default, oidc_compat or fapi2."},
    {"--token-format", "FORMAT", "Of its access tokens: jwt (default) or opaque."},
    {"--resource", "URI", "An API that it is: it may introspect tokens for that.", true},
    {"--require-pkce", "", "Demand PKCE although it has a secret."},
    {"--metadata", "JSON",
     "Members of dynamic registration, such as jwks_uri: an object, or a file that holds one."},
};

// Of every flow that is tried.
const std::vector<Option> kTry{
    {"--issuer", "URL", "The server. Default: the issuer of the settings."},
    {"--client-id", "CLIENT_ID", "As this client. Default: one that is registered for this."},
    {"--client-secret-stdin", "", "Read the client's secret from standard input."},
    {"--scope", "SCOPE", "A scope to ask for. May be repeated.", true},
    {"--resource", "URI", "An API that the token is meant for. May be repeated.", true},
    {"--show-tokens", "", "Show the tokens themselves although this is no terminal."},
    {"-q,--quiet", "", "Print the access token and nothing else."},
};

constexpr Option kNoOpen{"--no-open", "", "Print the address; open no browser."};
constexpr Option kPort{
    "--port", "PORT", "The redirect URI is http://127.0.0.1:PORT/callback. Default: any free one."};

std::vector<Option> with(std::vector<Option> options, std::initializer_list<Option> more) {
  options.insert(options.end(), more);
  return options;
}

const std::array kCommands{
    Command{"serve",
            "Run the server.",
            "",
            {{"--allow-root", "", "Run although this is root. In a container, for example."}},
            Needs::settings,
            serve},

    Command{
        "client add", "Register a client.", "[CLIENT_ID]",
        with(kClientMembers,
             {{"--public", "", "Without a secret: a native or browser application, PKCE always."},
              {"--secret-stdin", "", "Read the secret from standard input instead of making one."},
              kOut}),
        Needs::settings, client_add},
    Command{"client edit", "Change what is registered of a client; what is not named stays.",
            "CLIENT_ID", kClientMembers, Needs::settings, client_edit},
    Command{"client list", "List the clients.", "", {}, Needs::settings, client_list},
    Command{"client show", "Show one client.", "CLIENT_ID", {}, Needs::settings, client_show},
    Command{"client rm",
            "Remove a client and end what was granted to it.",
            "CLIENT_ID",
            {},
            Needs::settings,
            client_rm},
    Command{
        "client rotate-secret",
        "Give a client a new secret; the old one stays for a while.",
        "CLIENT_ID",
        {{"--keep-old", "DURATION", "How long the old one stays: 0s to 30d. Default: 1d."}, kOut},
        Needs::settings,
        client_rotate_secret},

    Command{"user add",
            "Add a user.",
            "USERNAME",
            {{"--email", "ADDRESS", "The email address."},
             {"--firstname", "NAME", "The first name."},
             {"--lastname", "NAME", "The last name."},
             {"--phone", "NUMBER", "The telephone number."},
             kClaims,
             kPasswordStdin},
            Needs::settings,
            user_add},
    Command{"user edit",
            "Change what is told about a user; what is not named stays.",
            "USER",
            {{"--email", "ADDRESS", "The email address."},
             {"--firstname", "NAME", "The first name."},
             {"--lastname", "NAME", "The last name."},
             {"--phone", "NUMBER", "The telephone number."},
             kClaims},
            Needs::settings,
            user_edit},
    Command{"user list", "List the users.", "", {}, Needs::settings, user_list},
    Command{"user passwd",
            "Set a new password; the user is signed out everywhere.",
            "USER",
            {kPasswordStdin},
            Needs::settings,
            user_passwd},
    Command{"user disable",
            "Sign a user out everywhere and let nobody sign in.",
            "USER",
            {},
            Needs::settings,
            user_disable},
    Command{"user enable",
            "Let a disabled user sign in again.",
            "USER",
            {},
            Needs::settings,
            user_enable},

    Command{"registration-token add",
            "Make a token with which clients may register themselves.",
            "",
            {{"--uses", "COUNT", "How many clients. Default: 1."},
             {"--profile", "PROFILE", "Of these clients: default, oidc_compat or fapi2."},
             {"--expires", "DURATION", "How long it is good for. Default: 7d."},
             kOut},
            Needs::settings,
            registration_token_add},
    Command{"registration-token list",
            "List the tokens for registration.",
            "",
            {},
            Needs::settings,
            registration_token_list},
    Command{"registration-token rm",
            "Take a token for registration back.",
            "ID",
            {},
            Needs::settings,
            registration_token_rm},

    Command{"key list", "List the server's keys.", "", {}, Needs::settings, key_list},
    Command{"key rotate",
            "Make a new signing key; the old one stays until its tokens have ended.",
            "",
            {{"--alg", "ALG", "ES256, RS256, PS256 or EdDSA. Default: [tokens] signing_alg."},
             {"--now", "", "Sign with it at once: with the key that waits already, if one does."}},
            Needs::settings,
            key_rotate},
    Command{"key revoke",
            "A key got into wrong hands: take it away now, and sign with another.",
            "KID",
            {},
            Needs::settings,
            key_revoke},

    Command{"node list",
            "List the servers at the database, their clocks, and who does which work.",
            "",
            {},
            Needs::settings,
            node_list},

    Command{"token inspect",
            "Show what is written in a token, without any proof.",
            "[TOKEN]",
            {},
            Needs::settings,
            token_inspect},
    Command{"token verify",
            "Check an access token as /api does.",
            "[TOKEN]",
            {},
            Needs::settings,
            token_verify},
    Command{"token revoke",
            "End an access token, a refresh token with its grant, a jti or a grant.",
            "[TOKEN]",
            {},
            Needs::settings,
            token_revoke},

    Command{"try code", "A person signs in: authorization code with PKCE.", "",
            with(kTry, {kNoOpen, kPort}), Needs::settings, try_code},
    Command{"try device", "A person allows a device, on another screen.", "", kTry, Needs::settings,
            try_device},
    Command{"try client-credentials", "An application on its own, without a person.", "", kTry,
            Needs::settings, try_client_credentials},
    Command{"try refresh", "Fresh tokens for a refresh token; a person signs in first.", "",
            with(kTry, {kNoOpen,
                        kPort,
                        {"--refresh-token-stdin", "",
                         "Read the refresh token from standard input; nobody signs in."}}),
            Needs::settings, try_refresh},
    Command{"try exchange", "Another token for an access token; a person signs in first.", "",
            with(kTry, {kNoOpen,
                        kPort,
                        {"--subject-token-stdin", "",
                         "Read the access token from standard input; nobody signs in."}}),
            Needs::settings, try_exchange},

    Command{"store status",
            "Say which database it is and which schema it has.",
            "",
            {},
            Needs::settings,
            store_status},
    Command{"store migrate",
            "Bring the database's schema up to this release's, before any server starts.",
            "",
            {},
            Needs::settings,
            store_migrate},
    Command{"store copy",
            "Copy everything into an empty database while no server runs, and compare.",
            "",
            {{"--to", "URL", "postgresql://user@host/database, or a folder for SQLite."}},
            Needs::settings,
            store_copy},
    Command{
        "store new-epoch",
        "Say that the database is not quite the one of before: refuse codes and the like of then.",
        "",
        {},
        Needs::settings,
        store_new_epoch},

    Command{"backup",
            "Copy the database into one file, while the server runs.",
            "TARGET",
            {{"--with-master-key", "", "And the key that opens it, beside it."}},
            Needs::settings,
            backup},
    Command{
        "restore",
        "Make a data folder of a backup, or only look whether one is sound.",
        "FILE",
        {{"--verify", "", "Only look: every page, every sealed key, what is in it."},
         {"--to", "FOLDER", "The folder to make. Default: the data folder."},
         {"--master-key", "FILE", "The key that opens it. Default: beside it, or the server's."},
         {"--revoke-since", "TIME",
          "End every grant that was made or refreshed then or later: 2026-11-22T20:00:00Z."}},
        Needs::settings,
        restore},

    Command{"config check",
            "Say what is wrong with the settings.",
            "",
            {},
            Needs::settings,
            config_check},
    Command{"config show",
            "Show every setting.",
            "",
            {{"--origin", "", "And where each value comes from."}},
            Needs::settings,
            config_show},
    Command{"config schema",
            "Print the JSON Schema of the file.",
            "",
            {},
            Needs::nothing,
            config_schema},
    Command{"config example",
            "Print the file with every key and its default.",
            "",
            {},
            Needs::nothing,
            config_example},

    Command{"doctor",
            "Look for what is wrong around the server.",
            "",
            {{"--calibrate", "", "Measure password hashing and propose settings."}},
            Needs::settings,
            doctor},
    Command{
        "explain", "Tell why a request was refused.", "REQUEST_ID", {}, Needs::settings, explain},
    Command{"healthcheck",
            "Ask the running server whether it is well; for containers.",
            "",
            {{"--ready", "", "Ask whether it is ready for requests, not only alive."}},
            Needs::settings,
            healthcheck},
    Command{"version",
            "Show the version.",
            "",
            {{"--licenses", "", "And the licences of everything that is linked."}},
            Needs::nothing,
            version},
};

}  // namespace

std::span<const Command> all_commands() { return kCommands; }
std::span<const Noun> all_nouns() { return kNouns; }
std::span<const Option> global_options() { return kGlobal; }

const Command* find_command(std::string_view words) {
  for (const auto& command : kCommands) {
    if (command.words == words) return &command;
  }
  return nullptr;
}

std::optional<std::string> Parsed::value(std::string_view option) const {
  const auto found = values.find(option);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Parsed::all(std::string_view option) const {
  const auto found = values.find(option);
  return found == values.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace claviger::cli
