"""Glewlwyd, Debian's, as ./dev bench measures it: SQLite, ES256, set up by its own administration API."""
import gzip
import http.client
import json
import pathlib
import sqlite3
import subprocess
import tempfile
import urllib.parse

import lab
from people import CHALLENGE, VERIFIER, form, parameter

PROGRAM = "/usr/bin/glewlwyd"
SCHEMA = "/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz"
MODULES = "/usr/lib/glewlwyd"
CALLBACK = "https://client.example/callback"
CLIENT = {"client_id": "bench", "client_secret": "bench-secret-of-thirty-two-bytes-"}
ADMIN = {"username": "admin", "password": "password"}  # of its schema
PERSON = {"username": "ada", "password": "a-long-enough-passphrase-9"}


def database(folder):
    """Made as its documentation says, in the journal that is SQLite's default."""
    path = pathlib.Path(folder, "glewlwyd.db")
    connection = sqlite3.connect(path)
    connection.executescript(gzip.decompress(pathlib.Path(SCHEMA).read_bytes()).decode())
    connection.close()
    return path


def configuration(port, path):
    return f"""
port={port}
bind_address="127.0.0.1"
external_url="http://localhost:{port}/"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="ERROR"
cookie_secure=0
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{MODULES}/user"
client_module_path="{MODULES}/client"
user_auth_scheme_module_path="{MODULES}/scheme"
plugin_module_path="{MODULES}/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{path}"; }};
"""


def start():
    if not pathlib.Path(PROGRAM).exists():
        raise SystemExit("Glewlwyd is not installed; ./dev bench peers does that")
    folder, port = tempfile.mkdtemp(prefix="claviger-bench."), lab.free_port()
    file = pathlib.Path(folder, "glewlwyd.conf")
    file.write_text(configuration(port, database(folder)), encoding="utf-8")
    server = lab.Process([PROGRAM, "-c", str(file)], port, folder=folder, ready="/config", statuses=(200,))
    set_up(server)
    return server


def signing_key():
    command = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    private = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    public = subprocess.run(["openssl", "pkey", "-pubout"], input=private, check=True, capture_output=True, text=True).stdout
    return private, public


def plugin(server):
    private, public = signing_key()
    return {"module": "oidc", "name": "oidc", "display_name": "bench", "enabled": True, "parameters": {
        "iss": f"http://localhost:{server.port}", "jwt-type": "ecdsa", "jwt-key-size": "256", "key": private, "cert": public,
        "access-token-duration": 600, "refresh-token-duration": 86400, "code-duration": 60, "refresh-token-rolling": True,
        "allow-non-oidc": True, "auth-type-code-enabled": True, "auth-type-client-enabled": True,
        "auth-type-refresh-enabled": True, "pkce-allowed": True, "subject-type": "public"}}


class Browser:
    """Keeps cookies; what an administrator and a person do."""

    def __init__(self, port):
        self.port, self.host, self.cookies = port, f"localhost:{port}", {}

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": self.host, "Cookie": self.cookie()}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, "/api" + path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        text = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"Glewlwyd: {answer.status} of {method} {path}: {text[:300]!r}")
        return answer

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def set_up(server):
    admin = Browser(server.port)
    admin.ask("POST", "/auth/", ADMIN)
    admin.ask("POST", "/mod/plugin/", plugin(server))
    admin.ask("POST", "/scope/", {"name": "email", "display_name": "email", "password_required": True, "scheme": {}})
    admin.ask("POST", "/client/", {
        **CLIENT, "name": "bench", "enabled": True, "confidential": True, "password": CLIENT["client_secret"],
        "scope": ["email"], "redirect_uri": [CALLBACK], "token_endpoint_auth_method": ["client_secret_post"],
        "authorization_type": ["code", "refresh_token", "client_credentials"]})
    admin.ask("POST", "/user/", {**PERSON, "name": "Ada", "email": "ada@example.test", "enabled": True,
                                 "scope": ["openid", "email", "g_profile"]})


class Visitor(Browser):
    """Somebody with a session, who has allowed the client."""

    def __init__(self, port):
        super().__init__(port)
        self.ask("POST", "/auth/", PERSON)
        self.ask("PUT", f"/auth/grant/{CLIENT['client_id']}/", {"scope": "openid email"})
        self.path = "/api/oidc/auth?" + urllib.parse.urlencode({
            "client_id": CLIENT["client_id"], "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid email",
            "state": "bench", "nonce": "bench", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}) + "&g_continue"

    def authorize(self):
        return lab.request("GET", self.path, {"Cookie": self.cookie()}, host=self.host)

    def _token(self, **fields):
        return lab.request("POST", "/api/oidc/token", {"Content-Type": "application/x-www-form-urlencoded"},
                           form(**fields, **CLIENT), self.host)

    def client_credentials(self):
        return self._token(grant_type="client_credentials", scope="email")

    def redeem(self, code):
        return self._token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK, code_verifier=VERIFIER)
