/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-adapter.h"

G_BEGIN_DECLS

/* The request of POST /responses. */
JsonObject *heddle_responses_create_chat (const HeddleChatCall *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
