/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Everything a program of ours is made of, built once and passed down. Members are borrowed by
 * whoever gets the struct; any may be NULL when the flags left it out.
 */
typedef struct _HeddleServices
{
  HeddleStore *store;
  HeddleSecrets *secrets;
  HeddleModels *models;
  HeddleKnowledge *knowledge;
  HeddleMemory *memory;
  HeddleMcpServers *mcp_servers;
  HeddleEngine *engine;
  HeddleServer *server; /* made by the program that serves; NULL in others */
} HeddleServices;

typedef enum
{
  HEDDLE_SERVICES_ALL = 0,
  HEDDLE_SERVICES_NO_STORE = 1 << 0,  /* nothing is read from or written to the database */
  HEDDLE_SERVICES_NO_ENGINE = 1 << 1, /* the store alone */
} HeddleServicesFlags;

HeddleServices *heddle_services_new (HeddleServicesFlags flags, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_services_free (HeddleServices *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleServices, heddle_services_free)

G_END_DECLS
