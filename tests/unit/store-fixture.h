/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store-private.h"

/* A store in a folder of its own, which goes with it. */
typedef struct
{
  char *path;
  HeddleStore *store; /* a test may leave NULL */
} StoreFixture;

void store_test_set_up (StoreFixture *f, gconstpointer data);
void store_test_tear_down (StoreFixture *f, gconstpointer data);
void store_test_reopen (StoreFixture *f);
HeddleStore *store_test_open (const char *path);

/* The first number of the first row, on the store's own connection; 0: there is none. */
gint64 store_test_query (HeddleStore *store, const char *sql);
