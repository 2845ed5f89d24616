-- The least that Prosody needs to have Prekeeper as a component. The secret is read from the file that compose hands to both.
local file = assert(io.open("/run/secrets/component.secret"))
local secret = file:read("*l")
file:close()

admins = {}
modules_enabled = { "disco", "roster", "saslauth", "tls", "ping", "carbons", "dialback" }
authentication = "internal_hashed"
log = { info = "*console" }
daemonize = false

-- from the other containers alone: compose publishes no such port
component_interfaces = { "*" }
component_ports = { 5347 }

VirtualHost "example.org"

Component "prekey.example.org"
    component_secret = secret
