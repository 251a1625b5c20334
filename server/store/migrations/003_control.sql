-- Scripts and macros of printers, deadlines of commands, the objects of the plate that is printed.

-- What is missing in it is as usual
ALTER TABLE printer ADD COLUMN routines jsonb NOT NULL DEFAULT '{}';

-- By then it has an answer
ALTER TABLE printer_command ADD COLUMN deadline timestamptz NOT NULL DEFAULT now() + interval '60 seconds';

-- As its file labels them: [{"name", "excluded", "x", "y"}]
ALTER TABLE print ADD COLUMN objects jsonb NOT NULL DEFAULT '[]';
