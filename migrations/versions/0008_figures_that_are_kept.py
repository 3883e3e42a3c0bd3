"""A portfolio that stays fast: search through an index, totals that the database keeps, the order by owner.

The triggers that keep the search index and the totals are no part of a migration: they follow the columns of the
present code, and `migrations/env.py` takes them away before and sets them up after (haark/portfolio/upkeep).
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

TEXT = "(' ' || name_folded || chr(10) || ' ' || lower(external_id))"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    op.create_table('portfolio_count',
    sa.Column('facet', sa.String(length=12), nullable=False),
    sa.Column('value', sa.String(length=120), nullable=False),
    sa.Column('slot', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('n', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('facet', 'value', 'slot', name=op.f('pk_portfolio_count')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_account_card_owner_id_account_id', 'account_card', ['owner_id', 'account_id'], unique=False)
    there = sa.text('parent_id IS NOT NULL')
    op.drop_index('ix_account_parent_id', table_name='account')
    op.create_index('ix_account_parent_id', 'account', ['parent_id'], unique=False, sqlite_where=there, postgresql_where=there)
    op.create_index('ix_users_name_id', 'users', ['name', 'id'], unique=False)
    if sqlite:
        # Without content of its own: a third of the size. Case is folded by the tokenizer, accents by us.
        op.execute("CREATE VIRTUAL TABLE account_search USING fts5(text, content='', tokenize='trigram')")
        return
    op.execute("CREATE SEQUENCE portfolio_count_slot")
    # Who runs Haark may not be allowed to: then the search reads every card, and `bin/haark doctor` says so.
    op.execute("""DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; EXCEPTION WHEN OTHERS THEN NULL; END $$""")
    op.execute(f"""DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX ix_account_card_search ON account_card USING gin ({TEXT} gin_trgm_ops); END IF; END $$""")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("DROP TABLE account_search")
    else:
        op.execute("DROP INDEX IF EXISTS ix_account_card_search")
        op.execute("DROP SEQUENCE portfolio_count_slot")
    op.drop_index('ix_users_name_id', table_name='users')
    op.drop_index('ix_account_parent_id', table_name='account')
    op.create_index('ix_account_parent_id', 'account', ['parent_id'], unique=False)
    op.drop_index('ix_account_card_owner_id_account_id', table_name='account_card')
    op.drop_table('portfolio_count')
