# make run [PORT=8100]    the portal with its demo data on this machine
# make serve [PORT=8443]  the same behind nginx with TLS, as in production
# make test [ARGS="…"]    every check; ARGS goes to pytest
# make test-all           make test, then the slow lane (half an hour): S3, other engines, faults in short, mutants of the day
# make quick              what concerns the changed files, without a browser, in seconds
# make coverage [ARGS="…"] make test's tests, and which statements and branches they never reach
# make mutants [ARGS="…"] break the code in places drawn by a seed, and see whether a test notices (minutes for each)
# make test-webkit        a short walk in Debian's WebKitGTK, which is near to an iPhone's (as root it installs what it needs)
# make test-old           the same in Chromium 80, 83 and 107 (needs npm, which fetches them)
# make test-pdf           every printed document against PDF/UA-1 and PDF/A-2u, by veraPDF (needs npm and Java, which it installs as root)
# make test-s3 [ARGS="…"] tests/materials again, on a real S3 server
# make fresh [ARGS="…"]   both commands on a bare Debian 12 (13: --suite trixie) in a folder, as root (needs debootstrap)
# make containers [ARGS] both images built, and docker-compose.yml run and asked, without a registry (needs root, docker.io)
# make bench [ARGS="…"]   speed as ratios; ARGS names the benches; each writes its part of docs/benchmarks.md
# make guides             the guides' pictures (docs/pictures) anew, from the demo data
# make faults [ARGS="…"]  what is lost when parts of it break; ARGS names the faults (30 minutes at most, loopback only)
# make fmt                format the code and the templates, then mend what the checks can mend
# make lock               pin the requirements anew (needs uv)
# make audit              known weaknesses of the pinned requirements (needs uv and an index with such data, or NMEC_ADVISORIES)

# Debian's own comes first: apt keeps it safe, and it is built with optimizations that one built by hand may lack
PYTHON ?= $(firstword $(wildcard /usr/bin/python3.11 /usr/bin/python3.12 /usr/bin/python3.13) \
    $(foreach version,3.11 3.12 3.13,$(shell command -v python$(version))) python3)
PORT ?= $(if $(filter serve,$(MAKECMDGOALS)),8443,8000)
ARGS ?=
# three at once on two cores: a browser's test waits for the page a third of its time (471 instead of 590 s)
PYTEST = .venv/bin/python -m pytest -n 3 --dist worksteal
DJADE = .venv/bin/djade --target-version 5.2
TEMPLATES = $(shell find templates -name '*.html')
SHORT_FAULTS = clients database
OF_THE_DAY = --number 5 --seed $(shell date +%Y%m%d)
LOCK = uv pip compile --quiet --generate-hashes --no-emit-index-url --universal pyproject.toml

.PHONY: run serve test test-all quick coverage mutants test-webkit test-old test-pdf test-s3 fresh containers bench faults guides fmt lock audit

run:
	@$(PYTHON) -m nmec_portal.local.run $(PORT)

serve:
	@$(PYTHON) -m nmec_portal.local.serve $(PORT)

test:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	@$(DJADE) --check $(TEMPLATES)
	.venv/bin/mypy
	$(PYTEST) $(ARGS)

test-all:
	@echo "== 1 of 6: every check (make test)"
	@$(MAKE) --no-print-directory test ARGS=
	@echo "== 2 of 6: tests/materials on a real S3 server (make test-s3)"
	@$(MAKE) --no-print-directory test-s3 ARGS=
	@echo "== 3 of 6: a short walk in WebKit (make test-webkit)"
	@$(MAKE) --no-print-directory test-webkit
	@echo "== 4 of 6: the same in old Chromiums (make test-old)"
	@$(MAKE) --no-print-directory test-old
	@echo "== 5 of 6: parts broken while people use it (make faults ARGS=\"$(SHORT_FAULTS)\")"
	@$(MAKE) --no-print-directory faults ARGS="$(SHORT_FAULTS)"
	@echo "== 6 of 6: the mutants of the day (make mutants ARGS=\"$(OF_THE_DAY)\")"
	@$(MAKE) --no-print-directory mutants ARGS="$(OF_THE_DAY)"

quick:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@.venv/bin/python -m tests.quick

coverage:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	$(PYTEST) --cov --cov-report=term $(ARGS)

mutants:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@.venv/bin/python -m tests.mutants $(ARGS)

test-webkit:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@.venv/bin/python -m tests.engines webkit

test-old:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@.venv/bin/python -m tests.engines chromium-80 chromium-83 chromium-107

test-pdf:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@.venv/bin/python -m tests.pdf

test-s3:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	TEST_STORAGE=s3 $(PYTEST) $(or $(ARGS),tests/materials)

fresh:
	@$(PYTHON) -m tests.fresh $(ARGS)

containers:
	@.venv/bin/python -m tests.containers $(ARGS)

bench:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.bench $(ARGS)

guides:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.guides

faults:
	@$(PYTHON) -m nmec_portal.local.setup requirements-dev.txt
	@.venv/bin/python -m tests.faults $(ARGS)

fmt:
	.venv/bin/ruff format
	@$(DJADE) $(TEMPLATES)
	.venv/bin/ruff check --fix

lock:
	$(LOCK) -o requirements.txt
	$(LOCK) --group dev -o requirements-dev.txt

audit:
	@$(PYTHON) -m nmec_portal.local.weaknesses
