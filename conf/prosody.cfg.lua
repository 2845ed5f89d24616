-- For /etc/prosody/prosody.cfg.lua, at its end. The secret is the one of prekeeper.conf's component block.
-- Prosody takes components on 127.0.0.1:5347; component_ports and component_interfaces change that.

Component "prekey.example.org"
    component_secret = "put a long random secret here"
    -- When the machine of the component dies, nobody tells Prosody, which refuses another connection of the same name
    -- until it notices: minutes, or hours when nobody asks the component anything. With this it lets the new one in and
    -- ends the old one. It is not needed when the component or the network in between fails: then the component tells.
    -- Two components of one name, by mistake, would throw each other out for ever.
    -- component_conflict_resolve = "kick_old"

-- A component below its parent domain is listed there by itself. For another domain, in the VirtualHost that is to
-- list it: disco_items = { { "prekey.example.org", "OTR Prekey Server" } }
