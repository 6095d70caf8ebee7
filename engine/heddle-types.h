/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Forward declarations of every type that crosses a folder. */
typedef struct _HeddleDatabase HeddleDatabase;
typedef struct _HeddleDocument HeddleDocument;
typedef struct _HeddleEngine HeddleEngine;
typedef struct _HeddleEvent HeddleEvent;
typedef struct _HeddleExpr HeddleExpr;
typedef struct _HeddleGraph HeddleGraph;
typedef struct _HeddleHttp HeddleHttp;
typedef struct _HeddleKnowledge HeddleKnowledge;
typedef struct _HeddleMcpServers HeddleMcpServers;
typedef struct _HeddleMemory HeddleMemory;
typedef struct _HeddleModels HeddleModels;
typedef struct _HeddleLimits HeddleLimits;
typedef struct _HeddleRates HeddleRates;
typedef struct _HeddleNodeRun HeddleNodeRun;
typedef struct _HeddleNodeType HeddleNodeType;
typedef struct _HeddlePast HeddlePast;
typedef struct _HeddlePlan HeddlePlan;
typedef struct _HeddleProblem HeddleProblem;
typedef struct _HeddleRun HeddleRun;
typedef struct _HeddleSecrets HeddleSecrets;
typedef struct _HeddleServer HeddleServer;
typedef struct _HeddleSpan HeddleSpan;
typedef struct _HeddleStore HeddleStore;
typedef struct _HeddleTemplate HeddleTemplate;
typedef struct _HeddleTool HeddleTool;
typedef struct _HeddleTrace HeddleTrace;

G_END_DECLS
