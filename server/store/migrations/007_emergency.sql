-- The second way of an emergency stop: from the server straight to the bridge, past the database.

ALTER TABLE bridge
  -- Where the bridge takes stops: a socket on its own computer, and an address for a server on another
  ADD COLUMN stop_socket text,
  ADD COLUMN stop_host text,
  ADD COLUMN stop_port integer,
  -- By which both prove who they are; made anew at each start of the bridge
  ADD COLUMN stop_key bytea;

ALTER TABLE printer_command
  -- Known to server and bridge before there is a row: one stop that comes by both ways is one
  ADD COLUMN wish uuid UNIQUE;
