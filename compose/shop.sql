-- Run once, by the MySQL image, after it has made the database and the user. The rights are those that Debezium asks for:
-- https://debezium.io/documentation/reference/2.7/connectors/mysql.html#mysql-creating-user
CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(255), at TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3));
GRANT SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'cdc'@'%';
