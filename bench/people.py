"""What a browser and a client do before there is something to measure: enrol, sign in, allow."""
import base64
import hashlib
import http.client
import json
import urllib.parse

from lab import request

CALLBACK = "http://localhost:3000/callback"
VERIFIER = "bench-verifier-bench-verifier-bench-verifier-00"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


def parameter(url, name):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get(name, [""])[0]


class Person:
    """Somebody with a session at a server of ours, and a confidential client that they have allowed."""

    def __init__(self, port, host=None, scope="openid offline_access email"):
        self.host = host or f"localhost:{port}"
        self.port = port
        self.scope = scope
        self.cookies = {}
        made = json.loads(self._send("POST", "/register", "application/json", json.dumps({
            "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post", "scope": scope,
            "id_token_signed_response_alg": "ES256",
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"]}).encode())[2])
        self.client = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
        name = "bench-" + made["client_id"][:12].lower()
        self.login = {"username": name, "password": "a-long-enough-passphrase-9"}
        self._send("POST", "/register_user", "application/json", json.dumps({
            **self.login, "firstname": "Bench", "lastname": "Person", "phone": "+44 20 7946 0958",
            "email": name + "@example.test"}).encode())
        self._sign_in()

    def _send(self, method, path, kind="", body=b""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": self.host}
        if kind:
            headers["Content-Type"] = kind
        if self.cookies:
            headers["Cookie"] = self.cookie()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]!r}")
        return answer.status, answer.getheader("Location", ""), text

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _authorize_path(self, **more):
        return "/authorize?" + urllib.parse.urlencode({
            "client_id": self.client["client_id"], "response_type": "code", "redirect_uri": CALLBACK,
            "scope": self.scope, "state": "bench", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **more})

    def _sign_in(self):
        status, to, _ = self._send("GET", self._authorize_path(prompt="consent"))
        for _ in range(6):
            if to.startswith(CALLBACK):
                return
            fields = {"txn": parameter(to, "txn")}
            if to.startswith("/login"):
                status, to, _ = self._send("POST", "/login", "application/x-www-form-urlencoded", form(**fields, **self.login))
            elif to.startswith("/consent"):
                status, to, _ = self._send("POST", "/consent", "application/x-www-form-urlencoded", form(**fields, action="approve"))
            else:
                status, to, _ = self._send("GET", to)
        raise SystemExit(f"sign-in ended at {status} {to}")

    # Raw requests for the load generator.
    def post_form(self, path, **fields):
        return request("POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, form(**fields), self.host)

    def authorize(self):
        return request("GET", self._authorize_path(), {"Cookie": self.cookie()}, host=self.host)

    def client_credentials(self):
        return self.post_form("/token", grant_type="client_credentials", scope="email", **self.client)

    def sign_in(self, txn, username, password):
        return request("POST", "/login", {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie()},
                       form(txn=txn, username=username, password=password), self.host)

    def redeem(self, code):
        return self.post_form("/token", grant_type="authorization_code", code=code, redirect_uri=CALLBACK,
                              code_verifier=VERIFIER, **self.client)

    def refresh(self, token):
        return self.post_form("/token", grant_type="refresh_token", refresh_token=token, **self.client)

    def introspect(self, token):
        return self.post_form("/introspect", token=token, **self.client)

    def with_token(self, method, path, token):
        return request(method, path, {"Authorization": f"Bearer {token}"}, host=self.host)


class Guest:
    """The same at node-oidc-provider, whose script signs in and allows by itself."""

    CALLBACK = "https://client.example/callback"
    CLIENT = {"client_id": "bench", "client_secret": "bench-secret-of-thirty-two-bytes-"}

    def __init__(self, port):
        self.port, self.host, self.cookies = port, f"localhost:{port}", {}
        self.path = "/auth?" + urllib.parse.urlencode({
            "client_id": "bench", "response_type": "code", "redirect_uri": self.CALLBACK,
            "scope": "openid offline_access email", "state": "bench", "code_challenge": CHALLENGE,
            "code_challenge_method": "S256"})
        at = self.path + "&prompt=consent"
        while not at.startswith(self.CALLBACK):
            at = self._visit(at)

    def _visit(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        path = path.removeprefix(f"http://{self.host}")
        connection.request("GET", path, headers={"Host": self.host, "Cookie": self.cookie()})
        answer = connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        answer.read()
        if answer.status not in (302, 303):
            raise SystemExit(f"node-oidc-provider: {answer.status} of {path}")
        return answer.getheader("Location")

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items() if value)

    def authorize(self):
        return request("GET", self.path, {"Cookie": self.cookie()}, host=self.host)

    def _token(self, **fields):
        return request("POST", "/token", {"Content-Type": "application/x-www-form-urlencoded"},
                       form(**fields, **self.CLIENT), self.host)

    def client_credentials(self):
        return self._token(grant_type="client_credentials")

    def redeem(self, code):
        return self._token(grant_type="authorization_code", code=code, redirect_uri=self.CALLBACK, code_verifier=VERIFIER)
