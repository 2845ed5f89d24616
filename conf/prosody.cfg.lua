-- For /etc/prosody/prosody.cfg.lua, at its end. The secret is the one of prekeeper.conf's component block.
-- Prosody takes components on 127.0.0.1:5347; component_ports and component_interfaces change that.

Component "prekey.example.org"
    component_secret = "put a long random secret here"

-- A component below its parent domain is listed there by itself. For another domain, in the VirtualHost that is to
-- list it: disco_items = { { "prekey.example.org", "OTR Prekey Server" } }
