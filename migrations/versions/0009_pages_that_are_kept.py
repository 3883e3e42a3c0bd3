"""An account's page is kept under its stamp; the journal of the house by time.

The triggers that raise the stamps are set up by `migrations/env.py` (haark/portfolio/upkeep).
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account_stamp',
    sa.Column('account_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('slot', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('n', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('account_id', 'slot', name=op.f('pk_account_stamp')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_event_at_id', 'event', ['at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_event_at_id', table_name='event')
    op.drop_table('account_stamp')
