#!/bin/bash
# A row a second, for ever.
export MYSQL_PWD
MYSQL_PWD=$(cat /run/secrets/cdc-password)
while sleep 1; do
  mysql --host=mysql --user=cdc --connect-timeout=5 --execute="INSERT INTO orders (note) VALUES ('an order')" shop
done
