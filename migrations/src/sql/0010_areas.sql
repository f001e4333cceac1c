-- The number on which residents reach those who work for an area. None: they call the number of the service.
ALTER TABLE areas ADD COLUMN phone TEXT;
