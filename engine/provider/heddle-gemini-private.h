/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-adapter.h"

G_BEGIN_DECLS

/* The request of models/…:generateContent. */
JsonObject *heddle_gemini_create_chat (const HeddleChatCall *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The name of a model as it stands in a path. */
char *heddle_gemini_dup_model_path (const char *model, const char *method) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
