/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-adapter.h"

G_BEGIN_DECLS

/* The request of POST /api/chat. */
JsonObject *heddle_ollama_create_chat (const HeddleChatCall *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
