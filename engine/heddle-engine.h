/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one header that the user interface and the application include. */
#include "heddle-error.h"
#include "heddle-services.h"
#include "heddle-types.h"
#include "expr/heddle-expr.h"
#include "graph/heddle-document.h"
#include "graph/heddle-graph.h"
#include "knowledge/heddle-knowledge.h"
#include "net/heddle-http.h"
#include "plan/heddle-plan.h"
#include "provider/heddle-models.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-event.h"
#include "run/heddle-run-engine.h"
#include "run/heddle-run.h"
#include "secret/heddle-secrets.h"
#include "store/heddle-store.h"
#include "trace/heddle-trace-format.h"
#include "trace/heddle-trace.h"
#include "value/heddle-json.h"
