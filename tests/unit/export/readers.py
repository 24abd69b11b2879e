"""Reads an export with the readers that people use; prints what is wrong as a JSON list.

argv: the folder of the export, and a JSON file {table: {rows, columns: [{name, type, nested}]}}.
"""
import json
import sys

import duckdb
import pandas
import polars
import pyarrow.parquet

folder, expected = sys.argv[1], json.load(open(sys.argv[2]))
manifest = json.load(open(f"{folder}/manifest.json"))
wrong = []


def check(what, read):
    try:
        found = read()
        if found is not True:
            wrong.append(f"{what}: {found}")
    except Exception as error:  # whatever a reader throws is what a user would see
        wrong.append(f"{what}: {type(error).__name__}: {str(error)[:300]}")


def duck(sql):
    return duckdb.sql(sql).fetchall()[0][0]


def texts(values):
    """Each value is null, or a text that is JSON."""
    for value in values:
        if value is None or value != value:
            continue
        if not isinstance(value, str):
            return f"{type(value).__name__} and no text"
        json.loads(value)
    return True


def floats(frame, names):
    kinds = {name: str(frame.schema[name]) for name in names if name in frame.columns}
    other = {name: kind for name, kind in kinds.items() if kind not in ("Float64", "Null")}
    return True if not other else other


for table, facts in expected.items():
    entry, rows = manifest["tables"][table], facts["rows"]
    of = lambda *kinds: [it["name"] for it in facts["columns"] if it["type"] in kinds and not it["nested"]]
    nested = [it["name"] for it in facts["columns"] if it["nested"]]
    jsonl, parquet, csv = (f"{folder}/{it}" for it in (entry["files"][0]["path"], entry["parquet"]["path"], entry["csv"]["path"]))
    if rows > 0:
        check(f"{table} JSONL pandas", lambda: len(pandas.read_json(jsonl, lines=True)) == rows or "rows")
        check(f"{table} JSONL Polars", lambda: len(polars.read_ndjson(jsonl, infer_schema_length=None)) == rows or "rows")
        check(f"{table} JSONL floats", lambda: floats(polars.read_ndjson(jsonl, infer_schema_length=None), of("FLOAT")))
        check(f"{table} JSONL DuckDB", lambda: duck(f"SELECT count(*) FROM read_json('{jsonl}')") == rows or "rows")
        if not nested:
            check(f"{table} JSONL Polars at once", lambda: len(polars.read_ndjson(jsonl)) == rows or "rows")
    check(f"{table} Parquet pandas", lambda: len(pandas.read_parquet(parquet)) == rows or "rows")
    check(f"{table} Parquet Polars", lambda: len(polars.read_parquet(parquet)) == rows or "rows")
    check(f"{table} Parquet DuckDB", lambda: duck(f"SELECT count(*) FROM '{parquet}'") == rows or "rows")
    for column in [it["name"] for it in facts["columns"] if it["type"] == "JSON"]:
        check(f"{table}.{column} Parquet pandas", lambda: texts(pandas.read_parquet(parquet)[column]))
        check(f"{table}.{column} Parquet Polars", lambda: texts(polars.read_parquet(parquet)[column]))
    meta = pyarrow.parquet.ParquetFile(parquet).metadata
    said = {key.decode(): value.decode() for key, value in (meta.metadata or {}).items()}
    check(f"{table} Parquet rows", lambda: meta.num_rows == rows or meta.num_rows)
    check(f"{table} Parquet run", lambda: said.get("run") == manifest["run"] or said)
    check(f"{table} Parquet schema", lambda: said.get("schema_version") == str(manifest["schemaVersion"]) or said)
    check(f"{table} Parquet columns", lambda: list(json.loads(said["columns"])) == [it["name"] for it in facts["columns"]])
    groups = [meta.row_group(at).total_byte_size for at in range(meta.num_row_groups)]
    check(f"{table} Parquet row groups", lambda: max(groups, default=0) < 100_000_000 or groups)
    check(f"{table} CSV pandas", lambda: len(pandas.read_csv(csv, low_memory=False)) == rows or "rows")
    check(f"{table} CSV Polars", lambda: len(polars.read_csv(csv, infer_schema_length=None)) == rows or "rows")
    check(f"{table} CSV DuckDB", lambda: duck(f"SELECT count(*) FROM read_csv('{csv}', sample_size = -1)") == rows or "rows")
    for column in nested:
        check(f"{table}.{column} CSV pandas", lambda: texts(pandas.read_csv(csv, dtype=str, keep_default_na=False, na_values=[""])[column]))

print(json.dumps(wrong))
