-- Rules of the first tables that a constraint can't say: an edition never changes but for its end.

CREATE FUNCTION today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (now() AT TIME ZONE 'Asia/Shanghai')::date;
COMMENT ON FUNCTION today() IS 'The date by which editions are in force, whatever the session''s time zone.';

CREATE FUNCTION edition_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.valid_from <= today() THEN
            RAISE EXCEPTION 'edition % is in force or was: it can''t be withdrawn', OLD.id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'edition_keeps';
        END IF;
        RETURN OLD;
    END IF;
    IF (to_jsonb(NEW) - 'valid_to' - 'valid') IS DISTINCT FROM (to_jsonb(OLD) - 'valid_to' - 'valid') THEN
        RAISE EXCEPTION 'edition % never changes but for its end', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'edition_keeps';
    END IF;
    -- An end that lies in the future is still a plan: the edition that follows may be withdrawn or moved.
    IF OLD.valid_to <= today() AND NEW.valid_to IS DISTINCT FROM OLD.valid_to THEN
        RAISE EXCEPTION 'edition % has ended on %: its end is set once', OLD.id, OLD.valid_to
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'edition_keeps';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER edition_keeps BEFORE UPDATE OR DELETE ON edition
    FOR EACH ROW EXECUTE FUNCTION edition_keeps();

CREATE FUNCTION grid_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'grid % of edition % is published: it never changes', OLD.code, OLD.edition_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'grid_keeps';
    ELSIF TG_OP = 'DELETE' THEN
        -- A future edition that is withdrawn takes its grids with it: its row is gone by now.
        IF EXISTS (SELECT FROM edition WHERE id = OLD.edition_id AND county_code = OLD.county_code) THEN
            RAISE EXCEPTION 'grid % of edition % is published: it stays', OLD.code, OLD.edition_id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'grid_keeps';
        END IF;
        RETURN OLD;
    ELSIF NOT EXISTS (
        SELECT FROM edition WHERE id = NEW.edition_id AND county_code = NEW.county_code AND made_at = now()
    ) THEN
        RAISE EXCEPTION 'edition % is published: no grid is added to it', NEW.edition_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'grid_keeps';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grid_keeps BEFORE INSERT OR UPDATE OR DELETE ON grid
    FOR EACH ROW EXECUTE FUNCTION grid_keeps();
