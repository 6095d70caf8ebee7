/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-services.h"

#include "knowledge/heddle-knowledge-help.h"
#include "knowledge/heddle-knowledge.h"
#include "memory/heddle-memory.h"
#include "provider/heddle-models.h"
#include "run/heddle-run-engine.h"
#include "secret/heddle-secrets.h"
#include "server/heddle-server.h"
#include "store/heddle-store.h"
#include "tool/heddle-mcp-servers.h"

static gboolean
open_store (HeddleServices *self,
            GError **error)
{
  self->store = heddle_store_new (NULL, error);
  return self->store != NULL;
}

static gboolean
start_engine (HeddleServices *self,
              GError **error)
{
  HeddleEngineServices services = { 0 };

  self->secrets = heddle_secrets_new (self->store);
  self->mcp_servers = heddle_mcp_servers_new (self->store, self->secrets);
  self->models = heddle_models_new (self->store, self->secrets);
  if (self->store != NULL)
    {
      self->knowledge = heddle_knowledge_new (heddle_store_get_path (self->store), self->models, error);
      if (self->knowledge == NULL)
        return FALSE;
      heddle_knowledge_set_secrets (self->knowledge, self->secrets);
      heddle_knowledge_add_help (self->knowledge, self->store);
      self->memory = heddle_memory_new (heddle_store_get_path (self->store), self->models, error);
      if (self->memory == NULL)
        return FALSE;
    }
  services.store = self->store;
  services.secrets = self->secrets;
  services.models = self->models;
  services.mcp_servers = self->mcp_servers;
  services.knowledge = self->knowledge;
  services.memory = self->memory;
  self->engine = heddle_engine_new (&services);
  return TRUE;
}

HeddleServices *
heddle_services_new (HeddleServicesFlags flags,
                     GError **error)
{
  g_autoptr (HeddleServices) self = g_new0 (HeddleServices, 1);

  if (!(flags & HEDDLE_SERVICES_NO_STORE) && !open_store (self, error))
    return NULL;
  if (!(flags & HEDDLE_SERVICES_NO_ENGINE) && !start_engine (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
heddle_services_free (HeddleServices *self)
{
  if (self == NULL)
    return;
  /* Nobody may ask for a run any more. */
  if (self->server != NULL)
    heddle_server_stop (self->server);
  g_clear_object (&self->server);
  if (self->engine != NULL)
    heddle_engine_shutdown (self->engine);
  if (self->mcp_servers != NULL)
    heddle_mcp_servers_shutdown (self->mcp_servers);
  if (self->knowledge != NULL)
    heddle_knowledge_shutdown (self->knowledge);
  if (self->memory != NULL)
    heddle_memory_shutdown (self->memory);
  /* Whoever still holds the store cannot make a program forget at its end what it has done. */
  if (self->store != NULL)
    heddle_store_flush (self->store);
  g_clear_object (&self->engine);
  g_clear_object (&self->knowledge);
  g_clear_object (&self->memory);
  g_clear_object (&self->models);
  g_clear_object (&self->mcp_servers);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  g_free (self);
}
